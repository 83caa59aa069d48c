using Goodhart.Evaluation.Points;
using Goodhart.Evaluation.Statistics;

namespace Goodhart.Evaluation.Claims;

/// <summary>The course of training, mean over runs of several βs.</summary>
internal static class EpochCurve
{
    /// <summary>Up to this share of the epoch a checkpoint is early: the paper's are at about a quarter.</summary>
    public const double Early = 0.4;

    /// <summary>The group's βs in order.</summary>
    public static double?[] Betas(CheckpointGroup group) => [.. group.Checkpoints.Select(c => c.Point.Beta).Distinct().Order()];

    /// <summary>The lower half of them: wide KL budgets, weak constraints.</summary>
    public static double?[] Small(double?[] betas) => betas[..Math.Max(1, betas.Length / 2)];

    /// <summary>One averaged checkpoint for each fraction that all of the βs have, in order.</summary>
    public static EvaluatedCheckpoint[] Of(CheckpointGroup group, double?[] betas) =>
    [
        .. group.Checkpoints.Where(c => betas.Contains(c.Point.Beta)).GroupBy(c => c.Point.Fraction)
            .Where(at => at.Count() == betas.Length).OrderBy(at => at.Key).Select(at => SeedAverage.Average([.. at])),
    ];

    /// <summary>By prompt: the win rate of the curve's best checkpoint (cross-fitted) minus that of its last.</summary>
    public static double[] Fall(EvaluatedCheckpoint[] curve) =>
        PairedDifference.Differences(CrossFit.Best([.. curve.Select(c => c.Outcomes.Win)]), curve[^1].Outcomes.Win);
}
