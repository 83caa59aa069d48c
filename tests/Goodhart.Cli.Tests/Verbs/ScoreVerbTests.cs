using System.Text.Json;
using Xunit;

namespace Goodhart.Cli.Tests.Verbs;

public sealed class ScoreVerbTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Log_probs_are_the_golden_ones()
    {
        JsonElement preference = JsonDocument.Parse(
            File.ReadAllText(Repository.PathOf("tests/golden/gptneox/a-parallel-f32/expected.json"))).RootElement.GetProperty("preference");
        string data = folder.Write("d.jsonl", string.Concat(preference.GetProperty("pairs").EnumerateArray().Select(pair =>
            $"{{\"note\":\"kept\",\"promptIds\":{pair.GetProperty("prompt")},\"responseIds\":{pair.GetProperty("chosen")}}}\n"
                .ReplaceLineEndings(" ") + "\n")));
        CommandRun run = await CommandRun.Of("score", SmallModels.Policy, "--data", data);
        Assert.Equal(ExitCode.Done, run.Code);
        JsonElement[] rows = Rows(run.Output);
        double[] wanted = [.. preference.GetProperty("policy_chosen_logps").EnumerateArray().Select(value => value.GetDouble())];
        Assert.Equal(wanted.Length, rows.Length);
        for (int i = 0; i < rows.Length; i++)
        {
            Assert.Equal(wanted[i], rows[i].GetProperty("logProb").GetDouble(), 1e-3);
            Assert.Equal(wanted[i], rows[i].GetProperty("tokenLogProbs").EnumerateArray().Sum(value => value.GetDouble()), 1e-3);
            Assert.Equal(rows[i].GetProperty("responseIds").GetArrayLength(), rows[i].GetProperty("tokenLogProbs").GetArrayLength());
            Assert.Equal("kept", rows[i].GetProperty("note").GetString());
        }
    }

    [Fact]
    public async Task Text_gets_an_eos_unless_told_otherwise()
    {
        string model = SmallModels.World(folder, "model");
        string data = folder.Write(
            "d.jsonl",
            "{\"prompt\":\"my sister\",\"response\":\"is angry\"}\n{\"prompt\":\"my sister\",\"response\":\"is angry <eos>\"}\n");
        int[] with = Lengths((await CommandRun.Of("score", model, "--data", data, "--quiet")).Output);
        int[] without = Lengths((await CommandRun.Of("score", model, "--data", data, "--quiet", "--no-eos")).Output);
        Assert.Equal([3, 3], with);   // never two
        Assert.Equal([2, 3], without);
    }

    [Fact]
    public async Task An_interrupted_run_continues_to_the_same_bytes()
    {
        string data = folder.Write("d.jsonl", string.Concat(Enumerable.Range(1, 40).Select(
            i => FormattableString.Invariant($"{{\"promptIds\":[{i},{2 * i}],\"responseIds\":[{i + 40},3,0]}}\n"))));
        string[] command = ["score", SmallModels.Policy, "--data", data, "--out", folder.Path("s.jsonl")];
        await CommandRun.Of(command);
        string whole = File.ReadAllText(folder.Path("s.jsonl"));
        Interrupted.At(folder, "s.jsonl", whole.Length / 3);
        Assert.Equal(ExitCode.Done, (await CommandRun.Of(command)).Code);
        Assert.Equal(whole, File.ReadAllText(folder.Path("s.jsonl")));
        Assert.Equal(ExitCode.BadInput, (await CommandRun.Of([.. command, "--no-eos"])).Code);
    }

    [Theory]
    [InlineData("{\"promptIds\":[1]}", "d.jsonl line 2, column response: expected text here, or token ids in responseIds")]
    [InlineData("{\"promptIds\":[1],\"responseIds\":[128]}", "from 0 to 127, found 128")]
    [InlineData("{\"promptIds\":[1],\"responseIds\":\"5\"}", "expected a list of token ids")]
    [InlineData("{\"promptIds\":[1]", "line 2")]
    public async Task A_bad_row_is_code_2_before_anything_is_scored(string row, string message)
    {
        string data = folder.Write("d.jsonl", $"{{\"promptIds\":[1],\"responseIds\":[2]}}\n{row}\n");
        CommandRun run = await CommandRun.Of("score", SmallModels.Policy, "--data", data);
        Assert.Equal((ExitCode.BadInput, ""), (run.Code, run.Output));
        Assert.Contains(message, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Unknown_words_and_long_rows_are_code_2()
    {
        string model = SmallModels.World(folder, "model");
        CommandRun word = await CommandRun.Of(
            "score", model, "--data", folder.Write("w.jsonl", "{\"prompt\":\"my\",\"response\":\"zebra\"}"));
        Assert.Equal(ExitCode.BadInput, word.Code);
        Assert.Contains("w.jsonl line 1, column response", word.Error, StringComparison.Ordinal);
        string text = string.Join(' ', Enumerable.Repeat("my", 100));
        CommandRun longer = await CommandRun.Of(
            "score", model, "--data", folder.Write("l.jsonl", $"{{\"prompt\":\"my\",\"response\":\"{text}\"}}"));
        Assert.Equal(ExitCode.BadInput, longer.Code);
        Assert.Contains("102 tokens are more than the 96 positions", longer.Error, StringComparison.Ordinal);
    }

    private static int[] Lengths(string output) => [.. Rows(output).Select(row => row.GetProperty("tokenLogProbs").GetArrayLength())];

    private static JsonElement[] Rows(string output) =>
        [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement)];
}
