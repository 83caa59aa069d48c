using System.Diagnostics;
using Xunit;

namespace Goodhart.Cli.Tests.Verbs;

public sealed class TokenizeVerbTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly string model;

    public TokenizeVerbTests() => model = SmallModels.World(folder, "model");

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Text_to_ids_and_back()
    {
        CommandRun there = await CommandRun.Of(
            "tokenize", model, "--file", folder.Write("t.jsonl", "{\"id\":3,\"text\":\"my sister is angry\"}\n"));
        Assert.Equal((ExitCode.Done, ""), (there.Code, there.Error));
        Assert.StartsWith("{\"id\":3,\"text\":\"my sister is angry\",\"ids\":[", there.Output, StringComparison.Ordinal);
        Assert.EndsWith("\"tokens\":[\"my\",\"sister\",\"is\",\"angry\"]}\n", there.Output, StringComparison.Ordinal);

        string ids = folder.Write("i.jsonl", there.Output.Replace("\"text\"", "\"was\"", StringComparison.Ordinal));
        CommandRun back = await CommandRun.Of("tokenize", model, "--decode", "--file", ids);
        Assert.EndsWith("\"text\":\"my sister is angry\"}\n", back.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Plain_text_is_one_text_a_line()
    {
        CommandRun run = await CommandRun.Of("tokenize", model, "--lines", "--file", folder.Write("t.txt", "my sister\nis angry\n"));
        Assert.Equal(ExitCode.Done, run.Code);
        Assert.Equal(2, run.Output.Count(c => c == '\n'));
    }

    [Fact]
    public async Task A_file_of_lines_is_continued_after_an_interruption()
    {
        string file = folder.Write("t.jsonl", string.Concat(Enumerable.Repeat("{\"text\":\"my sister is angry\"}\n", 200)));
        string[] command = ["tokenize", model, "--file", file, "--out", folder.Path("ids.jsonl")];
        CommandRun run = await CommandRun.Of(command);
        Assert.Equal((ExitCode.Done, ""), (run.Code, run.Error));
        Assert.Equal((await CommandRun.Of(command[..^2])).Output, File.ReadAllText(folder.Path("ids.jsonl")));
        byte[] whole = File.ReadAllBytes(folder.Path("ids.jsonl"));
        Interrupted.At(folder, "ids.jsonl", whole.Length / 2);
        Assert.Equal(run, await CommandRun.Of(command));
        Assert.Equal(whole, File.ReadAllBytes(folder.Path("ids.jsonl")));
        Assert.Contains("Column changed", (await CommandRun.Of([.. command, "--column", "words"])).Error, StringComparison.Ordinal);
        Assert.Contains(
            "--out needs --file", (await CommandRun.Of("tokenize", model, "--out", folder.Path("x"))).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Any_column_can_be_the_text_or_the_ids()
    {
        string file = folder.Write("t.jsonl", "{\"response\":\"my sister\"}\n");
        CommandRun there = await CommandRun.Of("tokenize", model, "--file", file, "--column", "response");
        Assert.Equal((ExitCode.Done, ""), (there.Code, there.Error));
        string ids = folder.Write("i.jsonl", there.Output.Replace("\"ids\"", "\"responseIds\"", StringComparison.Ordinal));
        CommandRun back = await CommandRun.Of("tokenize", model, "--file", ids, "--column", "responseIds", "--decode");
        Assert.EndsWith("\"text\":\"my sister\"}\n", back.Output, StringComparison.Ordinal);
        CommandRun neither = await CommandRun.Of("tokenize", model, "--file", file);
        Assert.Contains("the row has response; name one with --column", neither.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_pipe_is_read_as_it_comes()
    {
        if (OperatingSystem.IsWindows())
        {
            return;   // its pipes are no files
        }

        string pipe = folder.Path("pipe");
        using (Process make = Process.Start("mkfifo", [pipe]))
        {
            await make.WaitForExitAsync();
        }

        Task writing = Task.Run(() => File.WriteAllText(pipe, "{\"text\":\"my sister\"}\n"));   // opening waits for the reader
        CommandRun run = await CommandRun.Of("tokenize", model, "--file", pipe);
        await writing;
        Assert.Equal((ExitCode.Done, ""), (run.Code, run.Error));
        Assert.Contains("\"tokens\":[\"my\",\"sister\"]", run.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{\"text\":\"my zebra\"}", "line 1, column text")]
    [InlineData("{\"words\":\"my\"}", "expected a string")]
    [InlineData("{\"text\"", "line 1")]
    public async Task Bad_text_is_code_2(string row, string message)
    {
        CommandRun run = await CommandRun.Of("tokenize", model, "--file", folder.Write("t.jsonl", row + "\n"));
        Assert.Equal(ExitCode.BadInput, run.Code);
        Assert.Contains(message, run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{\"ids\":[99999]}", "column ids")]
    [InlineData("{\"ids\":[1.5]}", "found 1.5")]
    [InlineData("{\"text\":\"my\"}", "expected a list of token ids")]
    public async Task Bad_ids_are_code_2(string row, string message)
    {
        CommandRun run = await CommandRun.Of("tokenize", model, "--decode", "--file", folder.Write("t.jsonl", row + "\n"));
        Assert.Equal(ExitCode.BadInput, run.Code);
        Assert.Contains(message, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_missing_or_contradicts_is_code_2()
    {
        Assert.Equal(
            ExitCode.BadInput, (await CommandRun.Of("tokenize", SmallModels.Policy, "--file", folder.Write("t.jsonl", "{}"))).Code);
        Assert.Equal(ExitCode.BadInput, (await CommandRun.Of("tokenize", model, "--file", folder.Path("none"))).Code);
        Assert.Equal(ExitCode.BadInput, (await CommandRun.Of("tokenize", model, "--lines", "--file", folder.Path("none"))).Code);
        Assert.Equal(ExitCode.BadInput, (await CommandRun.Of("tokenize", model, "--lines", "--decode")).Code);
    }
}
