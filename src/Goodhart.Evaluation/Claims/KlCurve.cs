using Goodhart.Evaluation.Comparisons;
using Goodhart.Evaluation.Points;
using Goodhart.Evaluation.Statistics;

namespace Goodhart.Evaluation.Claims;

/// <summary>A group's win rate by bin of √KL, prompt by prompt: what groups are compared by where they have spent the same KL.</summary>
internal sealed class KlCurve
{
    private readonly SortedDictionary<int, double[]> bins;

    public KlCurve(CheckpointGroup group) => bins = new(group.Checkpoints
        .GroupBy(checkpoint => EqualKlComparison.BinOf(checkpoint.Point.SqrtKl))
        .ToDictionary(bin => bin.Key, bin => EqualKlComparison.PromptMeans([.. bin])));

    /// <summary>Bins that have a checkpoint, in order.</summary>
    public IReadOnlyList<int> Bins => [.. bins.Keys];

    /// <summary>Bins that both reach, in order.</summary>
    public static int[] Common(KlCurve first, KlCurve second) => [.. first.bins.Keys.Intersect(second.bins.Keys).Order()];

    /// <summary>By prompt: the win rate of the best of the bins (cross-fitted) minus that of the last of them.</summary>
    public double[] Fall(IReadOnlyList<int> among) =>
        PairedDifference.Differences(CrossFit.Best([.. among.Select(bin => bins[bin])]), bins[among[^1]]);

    /// <summary>By prompt: win rate minus another group's, mean over the bins with equal weights.</summary>
    public double[] Minus(KlCurve other, IReadOnlyList<int> among) => Mean([.. among.Select(bin => MinusIn(other, bin))]);

    /// <summary>By prompt: win rate minus another group's in one bin.</summary>
    public double[] MinusIn(KlCurve other, int bin) => PairedDifference.Differences(bins[bin], other.bins[bin]);

    private static double[] Mean(double[][] rows) => [.. rows[0].Select((_, prompt) => rows.Average(row => row[prompt]))];
}
