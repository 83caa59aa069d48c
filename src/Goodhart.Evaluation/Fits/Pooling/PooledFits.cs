using Goodhart.Evaluation.Points;
using Goodhart.Evaluation.Statistics;

namespace Goodhart.Evaluation.Fits.Pooling;

/// <summary>Do sizes differ in α, in β, or in both?</summary>
public static class PooledFits
{
    /// <summary>All ways of sharing, for each loss with two or more sizes whose SFT win rate is known.</summary>
    /// <param name="groups">Seeds apart, on the same prompts.</param>
    /// <param name="draws">Resampled prompts, where a study shares them between reports; null draws its own.</param>
    public static IReadOnlyList<PooledFit> OfStudy(IReadOnlyList<CheckpointGroup> groups, FitOptions options, PromptDraws? draws = null)
    {
        CheckpointGroup[] anchored = [.. groups.Where(group => group.Sft is not null)];
        if (anchored.Length == 0)
        {
            return [];
        }

        draws ??= new(anchored[0].Checkpoints[0].Outcomes.Win.Length, options.Replicates, options.Seed);
        return [.. anchored.GroupBy(group => group.Loss).SelectMany(loss => OfLoss(loss.Key, [.. loss], options, draws))];
    }

    private static IEnumerable<PooledFit> OfLoss(string loss, CheckpointGroup[] sizes, FitOptions options, PromptDraws draws)
    {
        if (sizes.Length < 2)
        {
            return [];
        }

        double?[] logs = [.. sizes.Select(LogSize)];
        bool sized = logs.All(log => log is not null) && logs.Distinct().Count() == sizes.Length && sizes.Length > 2;
        double mean = sized ? logs.Average()!.Value : 0;
        double[] centred = [.. logs.Select(log => (log ?? 0) - mean)];
        PooledPoints points = new(
            [
                .. from size in sizes.Index() from c in size.Item.Checkpoints select new SizedPoint(
                    c.Point, c.WinRate - size.Item.Sft!.WinRate, size.Index),
            ],
            centred);
        PooledRefits refits = new(sizes, draws);

        // With two sizes the trend in log size is "by size" again.
        return SizeSharing.All.Where(sharing => sized || !sharing.Name.Contains("trend", StringComparison.Ordinal))
            .Select(sharing => Describe(loss, sharing, points, [.. sizes.Select(size => size.Model)], refits, options)).OfType<PooledFit>();
    }

    private static PooledFit? Describe(
        string loss, SizeSharing sharing, PooledPoints points, string[] models, PooledRefits refits, FitOptions options)
    {
        if (points.Fit(sharing) is not { } fit)
        {
            return null;
        }

        LeastSquaresFit? shared = points.Fit(SizeSharing.Shared);
        int extra = shared is null ? 0 : fit.Parameters - shared.Parameters;
        double? f = extra > 0 && fit.ResidualVariance is > 0 and { } variance ? (shared!.Rss - fit.Rss) / extra / variance : null;
        FitInterval?[] intervals = refits.Intervals(sharing, points.LogSizes, options.Level);
        return new(
            loss,
            sharing.Name,
            [
                .. sharing.Names(models).Select(
                    (name, i) => new FitCoefficient(name, fit.Coefficients[i], fit.StandardError(i)) { Interval = intervals[i] }),
            ],
            fit.Count,
            fit.Rmse,
            points.HeldOutRmse(sharing),
            fit.Aic,
            fit.Bic,
            f,
            f is null ? null : ClusterFTest.P(
                points.Design(SizeSharing.Shared), points.Design(sharing), points.Rises, points.Runs, options.Replicates, options.Seed));
    }

    private static double? LogSize(CheckpointGroup group)
    {
        CheckpointPoint point = group.Checkpoints[0].Point;
        return (point.NonEmbedding ?? point.Parameters) is > 0 and { } size ? Math.Log10(size) : null;
    }
}
