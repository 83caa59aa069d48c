using System.Text.Json.Nodes;
using Goodhart.Cli.Tests.Stages;
using Xunit;

namespace Goodhart.Cli.Tests.Verbs;

/// <summary>goodhart data filter on a tiny model's margins.</summary>
public sealed class DataFilterVerbTests(TinyRun tiny) : IClassFixture<TinyRun>
{
    [Fact]
    public async Task A_reward_models_margins_say_which_rows_stay_and_they_stay_as_they_are()
    {
        CommandRun reward = await CommandRun.Of(
            ["reward", $"{tiny.Sft}/model", "--data", tiny.Data("preferences"), "--out", tiny.Fresh("reward"), .. TinyRun.Update]);
        Assert.Equal((ExitCode.Done, ""), (reward.Code, reward.Error));
        JsonNode kept = await Filter("by-reward", "filter-reward:keep=0.5", "--reward", tiny.Fresh("reward"));
        Assert.Equal((8, 4), ((int)kept["pairs"]!, (int)kept["kept"]!));
        string[] all = File.ReadAllLines(tiny.Data("preferences"));
        string[] rows = File.ReadAllLines(tiny.Fresh("by-reward/kept.jsonl"));
        Assert.Equal(4, rows.Length);
        int[] places = [.. rows.Select(row => Array.IndexOf(all, row))];
        Assert.DoesNotContain(-1, places);
        Assert.Equal(places.Order(), places);

        // The other half has the smaller margins.
        await Filter("by-confidence", "filter-confidence:keep=0.5", "--reward", tiny.Fresh("reward"));
        Assert.Equal(4, File.ReadAllLines(tiny.Fresh("by-confidence/kept.jsonl")).Length);
        double[] margins = Margins("by-reward");
        Assert.Equal(margins, Margins("by-confidence"));
        Assert.Equal(Enumerable.Range(0, 8).OrderByDescending(pair => margins[pair]).Take(4).Order(), places);
        Assert.Equal(
            margins.Average(margin => margin < 0 ? 1.0 : 0),
            (double)JsonNode.Parse(File.ReadAllText(tiny.Fresh("by-reward/filter.json")))!["against"]!, 12);
    }

    [Fact]
    public async Task A_policy_and_its_reference_or_the_reference_alone_say_it_too()
    {
        JsonNode crossed = await Filter(
            "by-policy", "filter-cross-fit:keep=0.75", "--reference", $"{tiny.Sft}/model", "--policy", $"{tiny.Dpo}/model");
        Assert.Equal(6, (int)crossed["kept"]!);
        JsonNode plain = await Filter("by-reference", "filter-reference:keep=0.25", "--reference", $"{tiny.Sft}/model");
        Assert.Equal(2, (int)plain["kept"]!);
        Assert.NotEqual(Margins("by-policy", "policy-margins"), Margins("by-reference", "reference-margins"));
        CommandRun text = await CommandRun.Of(
            "data", "filter", tiny.Data("preferences"), "--remedy", "filter-reference:keep=0.25", "--reference", $"{tiny.Sft}/model",
            "--out", tiny.Fresh("by-reference"), "--quiet");
        Assert.Contains("2 of 8 pairs kept; of ", text.Output, StringComparison.Ordinal);
        Assert.Contains("labels turned round: ", text.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("filter-reward needs --reward.", "--remedy", "filter-reward")]
    [InlineData(
        "filter-reward does not ask --reference: leave it out.", "--remedy", "filter-reward", "--reward", "$sft", "--reference", "$sft")]
    [InlineData("filter-cross-fit needs --policy.", "--remedy", "filter-cross-fit", "--reference", "$sft")]
    [InlineData(
        "--remedy: expected one of filter-reward, filter-confidence, filter-reference, filter-cross-fit, found wpo.", "--remedy", "wpo")]
    [InlineData("expected a reward model", "--remedy", "filter-reward", "--reward", "$sft")]
    [InlineData("of 8 pairs none would be kept: raise keep.", "--remedy", "filter-reference:keep=0.1", "--reference", "$sft")]
    public async Task What_does_not_go_together_is_refused(string message, params string[] options)
    {
        CommandRun run = await CommandRun.Of(
        [
            "data", "filter", tiny.Data("preferences"), "--out", tiny.Fresh("refused"), "--quiet",
            .. options.Select(option => option == "$sft" ? $"{tiny.Sft}/model" : option),
        ]);
        Assert.Equal(ExitCode.BadInput, run.Code);
        Assert.Contains(message, run.Error, StringComparison.Ordinal);
    }

    private async Task<JsonNode> Filter(string name, string remedy, params string[] models)
    {
        CommandRun run = await CommandRun.Of(
            ["data", "filter", tiny.Data("preferences"), "--remedy", remedy, .. models, "--out", tiny.Fresh(name), "--json", "--quiet"]);
        Assert.Equal((ExitCode.Done, ""), (run.Code, run.Error));
        return JsonNode.Parse(run.Output)!;
    }

    private double[] Margins(string name, string step = "reward-margins") =>
    [
        .. JsonNode.Parse(File.ReadAllText(Path.Combine(
            Assert.Single(Directory.GetDirectories(tiny.Fresh($"{name}/steps"), $"{step}-*")), "result.json")))!
            .AsArray().Select(margin => (double)margin!),
    ];
}
