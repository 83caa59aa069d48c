using Goodhart.Evaluation.Points;
using Goodhart.Evaluation.Statistics;

namespace Goodhart.Evaluation.Fits.Pooling;

/// <summary>A checkpoint among those of several sizes.</summary>
/// <param name="Rise">Win rate above its SFT model's.</param>
/// <param name="Model">Which size, numbered from 0.</param>
internal readonly record struct SizedPoint(CheckpointPoint Point, double Rise, int Model);

/// <summary>The points of one loss over all sizes, as regressions of their rise.</summary>
/// <param name="logSizes">log10 of the sizes about their mean.</param>
internal sealed class PooledPoints(SizedPoint[] points, double[] logSizes)
{
    public double[] LogSizes => logSizes;

    public double[] Rises => [.. points.Select(p => p.Rise)];

    /// <summary>Each point's run: size, β and seed, numbered from 0.</summary>
    public int[] Runs
    {
        get
        {
            (int, double?, int)[] keys = [.. points.Select(p => (p.Model, p.Point.Beta, p.Point.Seed))];
            (int, double?, int)[] distinct = [.. keys.Distinct()];
            return [.. keys.Select(key => Array.IndexOf(distinct, key))];
        }
    }

    /// <summary>Null where the points do not fix the coefficients.</summary>
    public LeastSquaresFit? Fit(SizeSharing sharing) => Fit(sharing, points);

    /// <summary>Each β of all sizes predicted from the others; null where some fit does not exist.</summary>
    public double? HeldOutRmse(SizeSharing sharing)
    {
        List<double> errors = [];
        foreach (IGrouping<double?, SizedPoint> block in points.GroupBy(p => p.Point.Beta))
        {
            if (Fit(sharing, [.. points.Where(p => p.Point.Beta != block.Key)]) is not { } fit)
            {
                return null;
            }

            errors.AddRange(block.Select(p => p.Rise - Row(sharing, p).Zip(fit.Coefficients, (x, b) => x * b).Sum()));
        }

        return HeldOutErrors.Rmse(errors);
    }

    public double[,] Design(SizeSharing sharing) => Design(sharing, points);

    private double[] Row(SizeSharing sharing, SizedPoint p) => sharing.Row(p.Point.SqrtKl, p.Model, logSizes.Length, logSizes[p.Model]);

    private LeastSquaresFit? Fit(SizeSharing sharing, SizedPoint[] some)
    {
        double[,] design = Design(sharing, some);
        return some.Length < Math.Max(1, design.GetLength(1)) ? null : LeastSquares.Fit(design, [.. some.Select(p => p.Rise)]);
    }

    private double[,] Design(SizeSharing sharing, SizedPoint[] some)
    {
        double[][] rows = [.. some.Select(p => Row(sharing, p))];
        double[,] design = new double[rows.Length, rows.Length == 0 ? 0 : rows[0].Length];
        for (int i = 0; i < rows.Length; i++)
        {
            for (int j = 0; j < rows[i].Length; j++)
            {
                design[i, j] = rows[i][j];
            }
        }

        return design;
    }
}
