using Goodhart.Evaluation.Points;
using Goodhart.Evaluation.Statistics;

namespace Goodhart.Evaluation.Fits.Pooling;

/// <summary>Do sizes differ in α, in β, or in both?</summary>
public static class PooledFits
{
    /// <summary>All ways of sharing, for each loss with two or more sizes whose SFT win rate is known.</summary>
    public static IReadOnlyList<PooledFit> OfStudy(IReadOnlyList<CheckpointGroup> groups) =>
        [.. groups.Where(group => group.Sft is not null).GroupBy(group => group.Loss).SelectMany(loss => OfLoss(loss.Key, [.. loss]))];

    private static IEnumerable<PooledFit> OfLoss(string loss, CheckpointGroup[] sizes)
    {
        if (sizes.Length < 2)
        {
            return [];
        }

        double?[] logs = [.. sizes.Select(LogSize)];
        bool sized = logs.All(log => log is not null) && logs.Distinct().Count() == sizes.Length && sizes.Length > 2;
        double mean = sized ? logs.Average()!.Value : 0;
        SizedPoint[] points =
        [
            .. from size in sizes.Index()
               from c in size.Item.Checkpoints
               select new SizedPoint(
                   c.Point.SqrtKl, c.WinRate - size.Item.Sft!.WinRate, size.Index, (logs[size.Index] ?? 0) - mean, c.Point.Beta),
        ];
        LeastSquaresFit? shared = Fit(SizeSharing.Shared, points, sizes.Length);

        // With two sizes the trend in log size is "by size" again.
        return SizeSharing.All.Where(sharing => sized || !sharing.Name.Contains("trend", StringComparison.Ordinal))
            .Select(sharing => Describe(loss, sharing, points, [.. sizes.Select(size => size.Model)], shared)).OfType<PooledFit>();
    }

    private static PooledFit? Describe(string loss, SizeSharing sharing, SizedPoint[] points, string[] models, LeastSquaresFit? shared)
    {
        if (Fit(sharing, points, models.Length) is not { } fit)
        {
            return null;
        }

        int extra = shared is null ? 0 : fit.Parameters - shared.Parameters;
        double? f = extra > 0 && fit.ResidualVariance is > 0 and { } variance ? (shared!.Rss - fit.Rss) / extra / variance : null;
        return new(
            loss,
            sharing.Name,
            [.. sharing.Names(models).Select((name, i) => new FitCoefficient(name, fit.Coefficients[i], fit.StandardError(i)))],
            fit.Count,
            fit.Rmse,
            HeldOut(sharing, points, models.Length),
            fit.Aic,
            fit.Bic,
            f,
            f is { } value ? FDistribution.UpperTail(value, extra, fit.DegreesOfFreedom) : null);
    }

    private static LeastSquaresFit? Fit(SizeSharing sharing, SizedPoint[] points, int models)
    {
        double[][] rows = [.. points.Select(p => sharing.Row(p.SqrtKl, p.Model, models, p.LogSize))];
        if (rows.Length == 0 || rows.Length < rows[0].Length)
        {
            return null;
        }

        double[,] design = new double[rows.Length, rows[0].Length];
        for (int i = 0; i < rows.Length; i++)
        {
            for (int j = 0; j < rows[i].Length; j++)
            {
                design[i, j] = rows[i][j];
            }
        }

        return LeastSquares.Fit(design, [.. points.Select(p => p.Rise)]);
    }

    private static double? HeldOut(SizeSharing sharing, SizedPoint[] points, int models)
    {
        List<double> errors = [];
        foreach (IGrouping<double?, SizedPoint> block in points.GroupBy(p => p.Beta))
        {
            if (Fit(sharing, [.. points.Where(p => p.Beta != block.Key)], models) is not { } fit)
            {
                return null;
            }

            errors.AddRange(block.Select(p =>
                p.Rise - sharing.Row(p.SqrtKl, p.Model, models, p.LogSize).Zip(fit.Coefficients, (x, b) => x * b).Sum()));
        }

        return HeldOutErrors.Rmse(errors);
    }

    private static double? LogSize(CheckpointGroup group)
    {
        CheckpointPoint point = group.Checkpoints[0].Point;
        return (point.NonEmbedding ?? point.Parameters) is > 0 and { } size ? Math.Log10(size) : null;
    }

    private readonly record struct SizedPoint(double SqrtKl, double Rise, int Model, double LogSize, double? Beta);
}
