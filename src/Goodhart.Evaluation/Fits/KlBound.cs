using Goodhart.Evaluation.Points;
using Goodhart.Evaluation.Statistics;

namespace Goodhart.Evaluation.Fits;

/// <summary>Which points lie so far out that a few of them bend a law: √KL above Tukey's upper fence, Q3 + 1.5 (Q3 − Q1), of their
/// group. Decided by the distance alone, never by the win rate.</summary>
public static class KlBound
{
    /// <summary>The fence; quartiles by linear interpolation.</summary>
    public static double Of(IEnumerable<double> sqrtKl)
    {
        double[] sorted = [.. sqrtKl];
        Array.Sort(sorted);
        double low = Percentiles.Quantile(sorted, 0.25);
        double high = Percentiles.Quantile(sorted, 0.75);
        return high + (1.5 * (high - low));
    }

    /// <summary>The group without its far points; the same group where it has none.</summary>
    public static CheckpointGroup Restrict(CheckpointGroup group)
    {
        double bound = Of(group.Checkpoints.Select(c => c.Point.SqrtKl));
        return group.Checkpoints.All(c => c.Point.SqrtKl <= bound)
            ? group
            : group with { Checkpoints = [.. group.Checkpoints.Where(c => c.Point.SqrtKl <= bound)] };
    }
}
