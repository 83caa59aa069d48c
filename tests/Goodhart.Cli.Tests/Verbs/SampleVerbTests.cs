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
        string[] command =
        [
            "sample", SmallModels.Policy, "--prompts", prompts, "--samples", "2", "--max-new-tokens", "12", "--out", folder.Path("r.jsonl"),
        ];
        CommandRun run = await CommandRun.Of(command);
        Assert.Equal(ExitCode.Done, run.Code);
        JsonElement[] sampled = Rows("r.jsonl");
        Assert.Equal(10, sampled.Length);
        Assert.All(sampled, row => Assert.Equal(
            row.GetProperty("responseIds").EnumerateArray().Last().GetInt32() == 0
                ? "eos"
                : "length", row.GetProperty("finishReason").GetString()));

        Assert.Equal(
            ExitCode.Done,
            (await CommandRun.Of("score", SmallModels.Policy, "--data", folder.Path("r.jsonl"), "--out", folder.Path("s.jsonl"))).Code);
        Assert.All(sampled.Zip(Rows("s.jsonl")), pair => Assert.Equal(
            pair.First.GetProperty("logProb").GetDouble(), pair.Second.GetProperty("logProb").GetDouble(), 1e-4));
    }

    [Fact]
    public async Task An_interrupted_run_continues_to_the_same_bytes()
    {
        string[] command =
            [
                "sample", SmallModels.Policy, "--prompts", SmallModels.Prompts(folder, 6), "--samples", "2", "--max-new-tokens", "6",
                "--out", folder.Path("r.jsonl"), "--json",
            ];
        await CommandRun.Of(command);
        byte[] whole = File.ReadAllBytes(folder.Path("r.jsonl"));
        Random random = new(5);
        for (int round = 0; round < 4; round++)
        {
            int lines = Interrupted.At(folder, "r.jsonl", random.Next(1, whole.Length));
            CommandRun resumed = await CommandRun.Of(command);
            Assert.Equal(ExitCode.Done, resumed.Code);
            Assert.Equal(whole, File.ReadAllBytes(folder.Path("r.jsonl")));
            using JsonDocument document = JsonDocument.Parse(resumed.Output);
            JsonElement summary = document.RootElement.GetProperty("summary");
            Assert.Equal((lines / 2 * 2, 12), (summary.GetProperty("resumed").GetInt32(), summary.GetProperty("responses").GetInt32()));
        }

        CommandRun again = await CommandRun.Of(command);   // nothing is left to do
        Assert.Contains("\"resumed\": 12", again.Output, StringComparison.Ordinal);
        CommandRun other = await CommandRun.Of([.. command, "--seed", "1"]);
        Assert.Equal(ExitCode.BadInput, other.Code);
        Assert.Contains("Sampling.Seed changed (of Sampling.Seed expected 1, found 0)", other.Error, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Done, (await CommandRun.Of(command)).Code);   // which has harmed nothing
    }

    [Fact]
    public async Task What_it_did_not_write_is_left_alone()
    {
        string prompts = SmallModels.Prompts(folder, 2);
        string[] command =
        [
            "sample", SmallModels.Policy, "--prompts", prompts, "--max-new-tokens", "3", "--quiet", "--out",
            folder.Write("r.jsonl", "mine"),
        ];
        CommandRun foreign = await CommandRun.Of(command);
        Assert.Equal(ExitCode.BadInput, foreign.Code);
        Assert.Contains("is there already and no r.jsonl.run", foreign.Error, StringComparison.Ordinal);
        Assert.Equal("mine", File.ReadAllText(folder.Path("r.jsonl")));
        File.Delete(folder.Path("r.jsonl"));
        Assert.Equal(ExitCode.Done, (await CommandRun.Of(command)).Code);
        File.AppendAllText(folder.Path("r.jsonl"), "{}\n");
        CommandRun changed = await CommandRun.Of(command);
        Assert.Equal(ExitCode.BadInput, changed.Code);
        Assert.Contains("is not what the run beside it wrote", changed.Error, StringComparison.Ordinal);
        Assert.EndsWith("{}\n", File.ReadAllText(folder.Path("r.jsonl")), StringComparison.Ordinal);
        CommandRun directory = await CommandRun.Of([.. command[..^1], folder.Root]);
        Assert.Contains("is a folder; --out expects a file", directory.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_bad_prompt_leaves_nothing_behind()
    {
        string prompts = folder.Write("p.jsonl", "{\"promptIds\":[5]}\n{\"promptIds\":[900]}\n");
        CommandRun run = await CommandRun.Of(
            "sample", SmallModels.Policy, "--prompts", prompts, "--max-new-tokens", "3", "--out", folder.Path("r.jsonl"));
        Assert.Equal(ExitCode.BadInput, run.Code);
        Assert.StartsWith(
            "error: p.jsonl line 2", run.Error[run.Error.IndexOf("error:", StringComparison.Ordinal)..], StringComparison.Ordinal);
        Assert.Equal(["p.jsonl"], Directory.EnumerateFileSystemEntries(folder.Root).Select(Path.GetFileName));
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
        CommandRun run = await CommandRun.Of(
            "sample", SmallModels.Policy, "--prompts", folder.Write("p.jsonl", row + "\n"), "--max-new-tokens", "60");
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
        Assert.Equal(
            ExitCode.BadInput, (await CommandRun.Of("sample", SmallModels.Policy, "--prompts", prompts, "--temperature", "0")).Code);
        Assert.Equal(ExitCode.BadInput, (await CommandRun.Of("sample", SmallModels.Policy, "--prompts", prompts, "--json")).Code);
    }

    private JsonElement[] Rows(string name) => [.. File.ReadLines(folder.Path(name)).Select(line => JsonDocument.Parse(line).RootElement)];
}
