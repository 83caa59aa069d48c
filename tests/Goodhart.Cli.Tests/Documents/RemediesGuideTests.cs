using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Xunit;

namespace Goodhart.Cli.Tests.Documents;

/// <summary>Runs the example of docs/guides/remedies.md: a thousand pairs, a small model, remedies and alarm in one study file.</summary>
public sealed partial class RemediesGuideTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_thousand_pairs_and_a_small_model_get_both_chapters()
    {
        string guide = await File.ReadAllTextAsync(Repository.PathOf("docs/guides/remedies.md"));
        string study = StudyBlock().Match(guide).Groups[1].Value;
        Assert.NotEqual("", study);
        folder.Write("mine.yaml", Place().Replace(study, folder.Path("world")));
        string export = ExportLine().Match(guide).Groups[1].Value;
        await Must(["world", "export", .. export.Split(' ')[2..].Select(word => word == "world" ? folder.Path("world") : word)]);
        Assert.Equal(1000, File.ReadLines(folder.Path("world/preferences.jsonl")).Count());
        await Must(["study", folder.Path("mine.yaml"), "--out", folder.Path("mine"), "--threads", "2", "--quiet"]);

        JsonNode results = JsonNode.Parse(await File.ReadAllTextAsync(folder.Path("mine/results.json")))!;
        Assert.Equal(
            ["dpo ", "dpo wpo", "dpo filter-cross-fit:keep=0.8", "dpo ema:decay=0.5", "cdpo ", "cdpo smoothing-cross-fit"],
            results["remedies"]!.AsArray().Select(row => $"{row!["loss"]} {row["remedies"]}"));
        JsonNode[] points = [.. results["points"]!.AsArray().Select(point => point!)];
        Assert.All(points, point => Assert.InRange((double)point["winRate"]!, 0, 1));
        Assert.All(points.Where(point => (double)point["fraction"]! == 1), point => Assert.Equal(1000, (int)point["examples"]!));

        // Both chapters have their tables: the league's and, along each run, the alarm's probability.
        string page = await File.ReadAllTextAsync(folder.Path("mine/report.html"));
        foreach (string chapter in (string[])["remedies", "alarm"])
        {
            int start = page.IndexOf($"id=\"{chapter}\"", StringComparison.Ordinal);
            Assert.True(start > 0, $"no chapter {chapter}");
            Assert.Contains("<table", page[start..], StringComparison.Ordinal);
        }

        string[] drawn = [.. Directory.GetFiles(folder.Path("mine/figures"), "*.csv").Select(path => Path.GetFileName(path)!)];
        Assert.Contains("remedies-dpo.csv", drawn);
        Assert.Contains(drawn, name => name.StartsWith("alarm", StringComparison.Ordinal));
    }

    private static async Task Must(string[] command)
    {
        CommandRun run = await CommandRun.Of(command);
        Assert.True(run.Code == ExitCode.Done, $"{string.Join(' ', command)}: {run.Error}");
    }

    [GeneratedRegex(@"```yaml\n# mine\.yaml\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex StudyBlock();

    [GeneratedRegex(@"\bworld\b")]
    private static partial Regex Place();

    [GeneratedRegex(@"^    goodhart (world export --out world --pretrain .*)$", RegexOptions.Multiline)]
    private static partial Regex ExportLine();
}
