using Goodhart.Engine.Randomness;
using Goodhart.Evaluation.Statistics;

namespace Goodhart.Evaluation.Fits;

/// <summary>
/// Intervals of a fit from its points alone: each replicate flips the sign of every residual by a fair coin (Rademacher's weights) and
/// refits.
/// Works for unequal error variances; residuals are divided by √(1 − h) (HC2), because a fit pulls its points' residuals towards zero.
/// </summary>
/// <remarks>An SFT anchor stays as it is: the interval does not contain its error. Points of one run that err together are not known here
/// either.</remarks>
public static class WildBootstrap
{
    public const string Method = "wild residual bootstrap";

    public static PeakIntervals Peaks(LawFit fit, ReadOnlySpan<double> sqrtKl, ulong seed, int replicates, double level)
    {
        LeastSquaresFit regression = fit.Regression;
        double[,] design = LawRegression.Design(fit.Law, fit.Intercept, sqrtKl);
        double[] residuals = regression.Residuals;
        double[] scaled = [.. residuals.Select((r, i) => r / Math.Sqrt(Math.Max(1e-10, 1 - regression.Leverages[i])))];

        (double SqrtKl, double WinRate)[] peaks = new (double, double)[replicates];
        double[] response = new double[residuals.Length];
        ulong key = Philox.Key(seed, "fits/wild-bootstrap");
        for (int replicate = 0; replicate < replicates; replicate++)
        {
            RandomStream random = new(key, (uint)replicate);
            for (int i = 0; i < response.Length; i++)
            {
                response[i] = regression.Fitted[i] + ((random.NextBits() & 1) == 0 ? scaled[i] : -scaled[i]);
            }

            peaks[replicate] = LawRegression.RefitPeak(fit.Law, fit.Intercept, design, response);
        }

        return PeakIntervals.From(peaks, level, Method);
    }
}
