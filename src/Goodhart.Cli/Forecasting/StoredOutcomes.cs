using System.Text.Json;
using Goodhart.Evaluation.Points;

namespace Goodhart.Cli.Forecasting;

/// <summary>What a study's steps hold of its checkpoints, prompt by prompt.</summary>
internal static class StoredOutcomes
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    /// <returns>In the order of the points. Null where one of them has none: half a study would look like the whole.</returns>
    public static EvaluatedCheckpoint[]? For(string folder, IReadOnlyList<CheckpointPoint> points)
    {
        Dictionary<CheckpointPoint, EvaluatedCheckpoint> known = [];
        foreach (EvaluatedCheckpoint checkpoint in In(folder))
        {
            known[checkpoint.Point] = checkpoint;
        }

        EvaluatedCheckpoint?[] found = [.. points.Select(known.GetValueOrDefault)];
        return found.Contains(null) ? null : [.. found.OfType<EvaluatedCheckpoint>()];
    }

    /// <summary>All that are finished, for a study that is not: of a checkpoint that was described twice the later.</summary>
    public static IReadOnlyList<EvaluatedCheckpoint> SoFar(string folder) =>
        [.. In(folder).GroupBy(checkpoint => CheckpointKey.Of(checkpoint.Point)).Select(same => same.Last())];

    /// <summary>In the order in which they were stored.</summary>
    private static IEnumerable<EvaluatedCheckpoint> In(string folder)
    {
        string steps = Path.Combine(folder, "steps");
        if (!Directory.Exists(steps))
        {
            yield break;
        }

        foreach (FileInfo result in Directory.EnumerateDirectories(steps, "describe-*")
            .Select(step => new FileInfo(Path.Combine(step, "result.json"))).Where(file => file.Exists)
            .OrderBy(file => file.LastWriteTimeUtc))
        {
            if (JsonSerializer.Deserialize<Stored>(File.ReadAllText(result.FullName), Json) is
                {
                    Point: { } point, Outcomes: { } outcomes,
                })
            {
                yield return new EvaluatedCheckpoint(point, outcomes);
            }
        }
    }

    private sealed record Stored(CheckpointPoint? Point, PerPromptOutcomes? Outcomes);
}
