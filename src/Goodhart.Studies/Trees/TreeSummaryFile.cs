using System.Text.Json;
using Goodhart.Evaluation.Claims;
using Goodhart.Pipeline;
using Goodhart.Steps.Publishing;

namespace Goodhart.Studies.Trees;

/// <summary>results.json of the tree study: settings, data, summaries and claims. The curves are in trajectories.csv.</summary>
/// <param name="Demonstrations">As the paper writes trajectories.</param>
/// <param name="Trajectories">Every trajectory by its number, which <see cref="TreeSummary.TopTrajectory"/> refers to.</param>
public sealed record TreeSummaryFile(
    int SchemaVersion,
    string Version,
    TreeSettings Settings,
    IReadOnlyList<string> Trajectories,
    IReadOnlyList<string> Demonstrations,
    IReadOnlyList<TreePairPaths> Preferences,
    int OutOfDistribution,
    IReadOnlyList<TreeReference> References,
    IReadOnlyList<TreeSummary> Runs,
    IReadOnlyList<TreeVariant> Sensitivity,
    IReadOnlyList<Claim> Claims)
{
    public const int CurrentSchemaVersion = 1;

    public static TreeSummaryFile Of(TreeReport report)
    {
        TreeData data = report.Results.Data();
        TreeShape shape = data.Shape;
        return new TreeSummaryFile(
            CurrentSchemaVersion, report.Version, report.Results.Settings,
            [.. Enumerable.Range(0, shape.Trajectories).Select(shape.Path)],
            [.. data.Demonstrations.Select(shape.Path)],
            [.. data.Preferences.Select(pair => new TreePairPaths(shape.Path(pair.Chosen), shape.Path(pair.Rejected)))],
            data.OutOfDistribution().Count, report.Results.References, report.Summaries, report.Results.Variants, report.Claims);
    }

    public static void Write(TreeReport report, string path) =>
        AtomicFile.WriteAllText(path, JsonSerializer.Serialize(Of(report), RecordJson.Options) + "\n");
}

/// <summary>A preference as the paper writes trajectories.</summary>
public sealed record TreePairPaths(string Chosen, string Rejected);
