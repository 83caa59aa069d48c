using System.Text.Json;
using Xunit;

namespace Goodhart.Cli.Tests.Verbs;

public sealed class SampleVerbTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Samples_are_what_the_model_says_of_them()
    {
        string prompts = SmallModels.Prompts(folder, 5);
        string[] command = ["sample", SmallModels.Policy, "--prompts", prompts, "--samples", "2", "--max-new-tokens", "12", "--out", folder.Path("r.jsonl")];
        CommandRun run = await CommandRun.Of(command);
        Assert.Equal(ExitCode.Done, run.Code);
        JsonElement[] sampled = Rows("r.jsonl");
        Assert.Equal(10, sampled.Length);
        Assert.All(sampled, row => Assert.Equal(
            row.GetProperty("responseIds").EnumerateArray().Last().GetInt32() == 0 ? "eos" : "length", row.GetProperty("finishReason").GetString()));

        Assert.Equal(ExitCode.Done, (await CommandRun.Of("score", SmallModels.Policy, "--data", folder.Path("r.jsonl"), "--out", folder.Path("s.jsonl"))).Code);
        Assert.All(sampled.Zip(Rows("s.jsonl")), pair => Assert.Equal(
            pair.First.GetProperty("logProb").GetDouble(), pair.Second.GetProperty("logProb").GetDouble(), 1e-4));
    }

    [Fact]
    public async Task An_interrupted_run_continues_to_the_same_bytes()
    {
        string[] command =
            ["sample", SmallModels.Policy, "--prompts", SmallModels.Prompts(folder, 6), "--samples", "2", "--max-new-tokens", "6", "--out", folder.Path("r.jsonl")];
        await CommandRun.Of(command);
        string whole = File.ReadAllText(folder.Path("r.jsonl"));
        File.Delete(folder.Path("r.jsonl"));
        string[] lines = whole.Split('\n');
        folder.Write("r.jsonl.partial", string.Join('\n', lines[..5]) + "\n" + lines[5][..10]);

        CommandRun resumed = await CommandRun.Of([.. command, "--json"]);
        Assert.Equal(ExitCode.Done, resumed.Code);
        Assert.Equal(whole, File.ReadAllText(folder.Path("r.jsonl")));
        using JsonDocument summary = JsonDocument.Parse(resumed.Output);
        Assert.Equal(4, summary.RootElement.GetProperty("summary").GetProperty("resumed").GetInt32());
        Assert.Equal(12, summary.RootElement.GetProperty("summary").GetProperty("responses").GetInt32());

        CommandRun other = await CommandRun.Of([.. command, "--seed", "1"]);
        Assert.Equal(ExitCode.BadInput, other.Code);
        Assert.Contains("options.seed", other.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Text_goes_in_and_comes_out()
    {
        string model = SmallModels.World(folder, "model");
        string prompts = folder.Write("p.jsonl", "{\"prompt\":\"my sister is angry .\"}\n{\"prompt\":\"my boss\"}\n");
        CommandRun run = await CommandRun.Of("sample", model, "--prompts", prompts, "--max-new-tokens", "5", "--quiet");
        Assert.Equal((ExitCode.Done, ""), (run.Code, run.Error));
        string[] lines = run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(2, lines.Length);
        JsonElement row = JsonDocument.Parse(lines[0]).RootElement;
        Assert.Equal("my sister is angry .", row.GetProperty("prompt").GetString());
        bool ended = row.GetProperty("finishReason").GetString() == "eos";
        Assert.Equal(
            row.GetProperty("responseIds").GetArrayLength() - (ended ? 1 : 0),
            row.GetProperty("response").GetString()!.Split(' ', StringSplitOptions.RemoveEmptyEntries).Length);
    }

    [Theory]
    [InlineData("{\"promptIds\":[5,900]}", "p.jsonl line 1, column promptIds: expected token ids from 0 to 127, found 900 at place 1")]
    [InlineData("{\"promptIds\":[]}", "expected at least one token id")]
    [InlineData("{\"prompt\":\"hello\"}", "has no tokenizer.json")]
    [InlineData("{\"question\":\"hello\"}", "question")]
    [InlineData("{\"promptIds\":[1,2,3,4,5]}", "lower --max-new-tokens from 60")]
    public async Task Bad_prompts_are_code_2(string row, string message)
    {
        CommandRun run = await CommandRun.Of("sample", SmallModels.Policy, "--prompts", folder.Write("p.jsonl", row + "\n"), "--max-new-tokens", "60");
        Assert.Equal((ExitCode.BadInput, ""), (run.Code, run.Output));
        Assert.Contains(message, run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_missing_is_named()
    {
        string prompts = SmallModels.Prompts(folder, 1);
        CommandRun noModel = await CommandRun.Of("sample", folder.Path("nowhere"), "--prompts", prompts);
        Assert.Equal(ExitCode.BadInput, noModel.Code);
        Assert.Contains("no model folder", noModel.Error, StringComparison.Ordinal);
        CommandRun noPrompts = await CommandRun.Of("sample", SmallModels.Policy, "--prompts", folder.Path("none.jsonl"));
        Assert.Equal(ExitCode.BadInput, noPrompts.Code);
        Assert.Contains("none.jsonl", noPrompts.Error, StringComparison.Ordinal);
        Assert.Equal(ExitCode.BadInput, (await CommandRun.Of("sample", SmallModels.Policy, "--prompts", prompts, "--temperature", "0")).Code);
        Assert.Equal(ExitCode.BadInput, (await CommandRun.Of("sample", SmallModels.Policy, "--prompts", prompts, "--json")).Code);
    }

    private JsonElement[] Rows(string name) => [.. File.ReadLines(folder.Path(name)).Select(line => JsonDocument.Parse(line).RootElement)];
}
