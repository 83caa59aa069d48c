using Goodhart.Evaluation.Statistics;

namespace Goodhart.Evaluation.Fits.Comparison;

/// <summary>Vuong's likelihood-ratio test of laws that are not nested (Econometrica, 1989), Gaussian errors, each law with its own
/// variance; log-likelihoods are summed by run, because a run's checkpoints err together.</summary>
/// <param name="LogLikelihoodRatio">Law over rival, nats, over all points; positive speaks for the law. Laws with equally many
/// coefficients need no correction for their number.</param>
/// <param name="T">Mean over runs divided by its standard error.</param>
/// <param name="P">Two-sided, t on runs − 1 degrees of freedom.</param>
public sealed record VuongTest(double LogLikelihoodRatio, double T, double P, int Runs)
{
    /// <summary>Null where a law fits exactly, or there are fewer than three runs.</summary>
    /// <param name="law">Residuals of one law, by run.</param>
    /// <param name="rival">Residuals of the other, in the same order.</param>
    public static VuongTest? Of(IReadOnlyList<double[]> law, IReadOnlyList<double[]> rival)
    {
        double variance = MeanSquare(law);
        double rivalVariance = MeanSquare(rival);
        if (law.Count < 3 || variance == 0 || rivalVariance == 0)
        {
            return null;
        }

        double constant = 0.5 * Math.Log(rivalVariance / variance);
        double[] ratios = [.. law.Zip(rival, (a, b) => a.Zip(b, (e, f) =>
            constant + (f * f / (2 * rivalVariance)) - (e * e / (2 * variance))).Sum())];
        PairedDifference test = PairedDifference.Of(ratios);
        return new(ratios.Sum(), test.T, test.P, ratios.Length);
    }

    private static double MeanSquare(IReadOnlyList<double[]> runs) => runs.Sum(run => run.Sum(e => e * e)) / runs.Sum(run => run.Length);
}
