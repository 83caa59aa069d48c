using System.Reflection;
using System.Text.Json;
using System.Text.RegularExpressions;
using Goodhart.Evaluation.Alarms;
using Goodhart.Evaluation.Points;
using Xunit;

namespace Goodhart.Cli.Tests.Documents;

/// <summary>Keeps docs/metrics.md true.</summary>
public sealed partial class MetricsPageTests
{
    private static readonly string Page = File.ReadAllText(Repository.PathOf("docs/metrics.md"));

    private static readonly string[] Sections =
        [
            "## While training", "## In a run folder", "## Of remedies", "## Of an alarmed run", "## Of responses with labels",
            "## Of reward models and policy gradients",
        ];

    [Fact]
    public void Describes_every_column_of_a_point_in_its_order()
    {
        IEnumerable<string> columns = typeof(CheckpointPoint).GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Select(property => JsonNamingPolicy.CamelCase.ConvertName(property.Name));
        Assert.Equal(columns, Names("## Of an evaluated checkpoint"));
    }

    [Fact]
    public void Describes_every_indicator_in_its_words()
    {
        Assert.Equal(Indicators.All.Select(indicator => indicator.Name), Names("## Of an alarm"));
        Assert.All(Indicators.All, indicator => Assert.Contains(
            $"| `{indicator.Name}` | {indicator.Formula} | {indicator.Unit}", Page, StringComparison.Ordinal));
    }

    [Fact]
    public void Every_training_metric_is_reported_by_the_code()
    {
        string code = string.Concat(
            ((string[])["Training", "Measuring", "Judging"]).SelectMany(folder => Directory.EnumerateFiles(
                Repository.PathOf($"src/Goodhart.Steps/{folder}"), "*.cs", SearchOption.AllDirectories)).Select(File.ReadAllText));
        string[] reported = [.. ReportedName().Matches(code).Select(match => match.Groups[1].Value).Except(["step", "epoch"]).Distinct()];
        Assert.Empty(Names("## While training").Except(reported));
        Assert.Empty(reported.Except(Sections.SelectMany(Names)));
    }

    private static IEnumerable<string> Names(string heading)
    {
        string section = Page[(Page.IndexOf(heading, StringComparison.Ordinal) + heading.Length)..];
        int end = section.IndexOf("\n## ", StringComparison.Ordinal);
        return RowName().Matches(end < 0 ? section : section[..end]).Select(match => match.Groups[1].Value);
    }

    [GeneratedRegex(@"^\| `([^`]+)` \|", RegexOptions.Multiline)]
    private static partial Regex RowName();

    // Metrics are reported as entries of a dictionary: ["loss"] = report.Loss.
    [GeneratedRegex("\\[\"([a-z_0-9/]+)\"\\] = ")]
    private static partial Regex ReportedName();
}
