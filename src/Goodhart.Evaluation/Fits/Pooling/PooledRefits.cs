using Goodhart.Evaluation.Points;
using Goodhart.Evaluation.Statistics;

namespace Goodhart.Evaluation.Fits.Pooling;

/// <summary>Resamples of the sizes of one loss, as the sums that a refit of Eq. (5) is made of: prompts are drawn jointly for all sizes and
/// their SFT models, seeds within a size.</summary>
internal sealed class PooledRefits
{
    private readonly Sums[][] bySize;
    private readonly string method;

    /// <param name="sizes">Each with its SFT model.</param>
    public PooledRefits(CheckpointGroup[] sizes, PromptDraws draws)
    {
        PromptBootstrap[] bootstraps = [.. sizes.Select(size => new PromptBootstrap(size.Checkpoints, size.Sft, draws))];
        bySize = [.. bootstraps.Select(bootstrap => new Sums[bootstrap.Replicates])];
        method = bootstraps.Any(bootstrap => bootstrap.Method != bootstraps[0].Method)
            ? "bootstrap over prompts, and seeds where there are several"
            : bootstraps[0].Method;
        Parallel.For(0, draws.Replicates, replicate =>
        {
            for (int size = 0; size < sizes.Length; size++)
            {
                bySize[size][replicate] = Sums.Of(bootstraps[size].Resample(replicate));
            }
        });
    }

    /// <summary>Percentile intervals of the coefficients; null where too many resamples do not fix them.</summary>
    /// <param name="logSizes">About their mean, by size.</param>
    public FitInterval?[] Intervals(SizeSharing sharing, double[] logSizes, double level)
    {
        int models = logSizes.Length;
        double[][] alpha = [.. logSizes.Select((log, model) => sharing.Row(1, 0, model, models, log))];
        double[][] beta = [.. logSizes.Select((log, model) => sharing.Row(0, 1, model, models, log))];
        double[]?[] refits = new double[bySize[0].Length][];
        Parallel.For(0, refits.Length, replicate => refits[replicate] = Solve(alpha, beta, replicate));
        double[][] solved = [.. refits.OfType<double[]>()];
        return [.. Enumerable.Range(0, alpha[0].Length).Select(i => solved.Length < 0.9 * refits.Length
            ? null
            : FitInterval.From(Percentiles.Interval(solved.Select(b => b[i]), level), method))];
    }

    /// <summary>Every column is a multiple of one of Eq. (5)'s two, so the normal equations are sums of the sizes' moments.</summary>
    private double[]? Solve(double[][] alpha, double[][] beta, int replicate)
    {
        int p = alpha[0].Length;
        double[] a = new double[p * p];
        double[] b = new double[p];
        for (int size = 0; size < alpha.Length; size++)
        {
            Sums s = bySize[size][replicate];
            (double[] x, double[] z) = (alpha[size], beta[size]);
            for (int j = 0; j < p; j++)
            {
                b[j] += (x[j] * s.Ay) + (z[j] * s.By);
                for (int k = 0; k <= j; k++)
                {
                    a[(j * p) + k] += (x[j] * x[k] * s.Aa) + (((x[j] * z[k]) + (z[j] * x[k])) * s.Ab) + (z[j] * z[k] * s.Bb);
                }
            }
        }

        double[] coefficients = new double[p];
        return NormalEquations.TrySolveSums(a, b, coefficients) ? coefficients : null;
    }

    /// <summary>Σ over one size's points of squares and products: A = d, B = −d ln d, y the rise over the SFT win rate.</summary>
    private readonly record struct Sums(double Aa, double Ab, double Bb, double Ay, double By)
    {
        public static Sums Of(ResampledPoints points)
        {
            GaoLaw law = new();
            Span<double> row = stackalloc double[2];
            Sums sums = default;
            for (int i = 0; i < points.SqrtKl.Length; i++)
            {
                law.Basis(points.SqrtKl[i], row);
                double y = points.WinRates[i] - points.SftWinRate!.Value;
                sums = new(
                    sums.Aa + (row[0] * row[0]), sums.Ab + (row[0] * row[1]), sums.Bb + (row[1] * row[1]), sums.Ay + (row[0] * y), sums.By
                        + (row[1] * y));
            }

            return sums;
        }
    }
}
