using System.Text.Json;
using Xunit;

namespace Goodhart.Cli.Tests.Verbs;

public sealed class KlVerbTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Both_estimators_agree_both_ways()
    {
        JsonElement report = await Report(SmallModels.Reference, 60);
        foreach (string direction in (string[])["policyToReference", "referenceToPolicy"])
        {
            JsonElement exact = report.GetProperty(direction).GetProperty("exact");
            JsonElement k1 = report.GetProperty(direction).GetProperty("k1");
            Assert.True(Number(exact, "nats") > 0.01);
            Assert.InRange(
                Math.Abs(Number(exact, "nats") - Number(k1, "nats")),
                0,
                4 * (Number(exact, "standardError") + Number(k1, "standardError")));
            Assert.Equal(Number(exact, "nats") / Number(report.GetProperty(direction), "meanLength"), Number(exact, "natsPerToken"), 1e-9);
        }

        Assert.NotEqual(
            Number(report.GetProperty("policyToReference").GetProperty("exact"), "nats"),
            Number(report.GetProperty("referenceToPolicy").GetProperty("exact"), "nats"));
    }

    [Fact]
    public async Task A_model_is_at_no_distance_from_itself()
    {
        JsonElement report = await Report(SmallModels.Policy, 3);
        Assert.Equal(0, Number(report.GetProperty("policyToReference").GetProperty("k1"), "nats"));
        Assert.Equal(0, Number(report.GetProperty("referenceToPolicy").GetProperty("exact"), "nats"), 1e-5);
    }

    [Fact]
    public async Task The_directions_are_each_others_mirror()
    {
        JsonElement report = await Report(SmallModels.Reference, 4);
        CommandRun run = await CommandRun.Of(
            "kl", SmallModels.Reference, SmallModels.Policy, "--prompts", folder.Path("prompts.jsonl"), "--max-new-tokens", "10", "--json",
            "--quiet");
        JsonElement mirrored = JsonDocument.Parse(run.Output).RootElement;
        Assert.Equal(report.GetProperty("policyToReference").ToString(), mirrored.GetProperty("referenceToPolicy").ToString());
        Assert.Equal(report.GetProperty("referenceToPolicy").ToString(), mirrored.GetProperty("policyToReference").ToString());
    }

    [Theory]
    [InlineData(5)]
    [InlineData(11)]
    public async Task An_interrupted_run_continues_to_the_same_figures(int kept)
    {
        string[] command =
        [
            "kl", SmallModels.Policy, SmallModels.Reference, "--prompts", SmallModels.Prompts(folder, 4), "--samples", "2",
            "--max-new-tokens", "10", "--out", folder.Path("kl.jsonl"), "--json",
        ];
        string whole = (await CommandRun.Of(command)).Output;
        string[] lines = File.ReadAllLines(folder.Path("kl.jsonl"));
        Assert.Equal(16, lines.Length);
        Assert.Equal(kept, Interrupted.At(folder, "kl.jsonl", lines.Take(kept).Sum(line => line.Length + 1)));
        Assert.Equal(whole, (await CommandRun.Of(command)).Output);
        Assert.Equal(lines, File.ReadAllLines(folder.Path("kl.jsonl")));
    }

    [Fact]
    public async Task Other_vocabularies_are_code_2()
    {
        string prompts = SmallModels.Prompts(folder, 2);
        CommandRun sizes = await CommandRun.Of("kl", SmallModels.Policy, SmallModels.OtherVocabulary, "--prompts", prompts);
        Assert.Equal(ExitCode.BadInput, sizes.Code);
        Assert.Contains("same vocabulary", sizes.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_same_size_with_other_words_is_code_2()
    {
        string policy = SmallModels.World(folder, "policy");
        string reference = SmallModels.World(folder, "reference");
        string tokenizer = Path.Combine(reference, "tokenizer.json");
        File.WriteAllText(tokenizer, File.ReadAllText(tokenizer).Replace("\"sister\"", "\"aardvark\"", StringComparison.Ordinal));
        CommandRun words = await CommandRun.Of("kl", policy, reference, "--prompts", folder.Write("p.jsonl", "{\"prompt\":\"my\"}"));
        Assert.Equal(ExitCode.BadInput, words.Code);
        Assert.Contains("is 'sister'", words.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_table_says_what_it_shows()
    {
        CommandRun run = await CommandRun.Of(
            "kl", SmallModels.Policy, SmallModels.Reference, "--prompts", SmallModels.Prompts(folder, 3), "--max-new-tokens", "4");
        Assert.Equal(ExitCode.Done, run.Code);
        Assert.Contains("policy to reference", run.Output, StringComparison.Ordinal);
        Assert.Contains("k1", run.Output, StringComparison.Ordinal);
        Assert.Contains("temperature 1", run.Output, StringComparison.Ordinal);
    }

    private async Task<JsonElement> Report(string reference, int prompts)
    {
        CommandRun run = await CommandRun.Of(
            "kl", SmallModels.Policy, reference, "--prompts", SmallModels.Prompts(folder, prompts), "--max-new-tokens", "10", "--json",
            "--quiet");
        Assert.Equal((ExitCode.Done, ""), (run.Code, run.Error));
        return JsonDocument.Parse(run.Output).RootElement;
    }

    private static double Number(JsonElement element, string name) => element.GetProperty(name).GetDouble();
}
