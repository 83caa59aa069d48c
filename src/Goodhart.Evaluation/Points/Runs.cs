namespace Goodhart.Evaluation.Points;

/// <summary>Checkpoints as training runs.</summary>
internal static class Runs
{
    /// <summary>One array per (loss, model, β, seed), in order of the fraction.</summary>
    public static EvaluatedCheckpoint[][] Of(IEnumerable<EvaluatedCheckpoint> checkpoints) =>
    [
        .. checkpoints.GroupBy(c => (c.Point.Loss, c.Point.Model, c.Point.Beta, c.Point.Seed))
            .Select(run => run.OrderBy(c => c.Point.Fraction).ToArray()),
    ];

    /// <summary>The last checkpoint of each run that has a β, in order of β.</summary>
    public static EvaluatedCheckpoint[] Ends(IEnumerable<EvaluatedCheckpoint> checkpoints) =>
        [.. Of(checkpoints).Select(run => run[^1]).Where(end => end.Point.Beta is not null).OrderBy(end => end.Point.Beta)];
}
