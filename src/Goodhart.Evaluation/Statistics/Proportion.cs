using MathNet.Numerics;

namespace Goodhart.Evaluation.Statistics;

/// <summary>Intervals and the exact test for a share of wins. A tie counts as half a win before it comes here, if the caller wants it
/// so.</summary>
public static class Proportion
{
    /// <summary>Wilson's score interval, without continuity correction.</summary>
    /// <param name="wins">May be fractional: ties as halves.</param>
    public static ConfidenceInterval Wilson(double wins, int count, double level = 0.95)
    {
        Require(wins, count, level);
        double z = StandardNormal.Quantile(0.5 + (level / 2));
        double share = wins / count;
        double scale = 1 + (z * z / count);
        double centre = (share + (z * z / (2 * count))) / scale;
        double half = z / scale * Math.Sqrt((share * (1 - share) / count) + (z * z / (4.0 * count * count)));
        return new(wins == 0 ? 0 : Math.Max(0, centre - half), wins == count ? 1 : Math.Min(1, centre + half), level);
    }

    /// <summary>Exact two-sided binomial p value of <paramref name="wins"/> of <paramref name="count"/> against 1/2.</summary>
    public static double BinomialPAgainstHalf(int wins, int count)
    {
        if (count == 0)
        {
            return 1;
        }

        Require(wins, count, 0.95);
        int larger = Math.Max(wins, count - wins);
        if (2 * larger == count)
        {
            return 1;
        }

        // P(X ≥ k) for X ~ Binomial(n, 1/2) is I_{1/2}(k, n − k + 1); the distribution is symmetric, so the other tail doubles it.
        return Math.Min(1, 2 * SpecialFunctions.BetaRegularized(larger, count - larger + 1, 0.5));
    }

    private static void Require(double wins, int count, double level)
    {
        ConfidenceInterval.RequireLevel(level);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        if (!(wins >= 0 && wins <= count))
        {
            throw new ArgumentOutOfRangeException(nameof(wins), wins, $"Wins lie between 0 and the count, {count}.");
        }
    }
}
