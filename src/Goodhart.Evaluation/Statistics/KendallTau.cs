namespace Goodhart.Evaluation.Statistics;

/// <summary>Kendall's τ-b by counting all pairs.</summary>
internal static class KendallTau
{
    public static Correlation? Estimate(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        int score = Score(x, y);
        int[] tiesX = Ranks.TieGroups(x);
        int[] tiesY = Ranks.TieGroups(y);
        double pairs = Pairs(x.Length);
        double scale = Math.Sqrt(pairs - tiesX.Sum(Pairs)) * Math.Sqrt(pairs - tiesY.Sum(Pairs));
        if (scale == 0)
        {
            return null;
        }

        double? p = x.Length < 3 ? null : StandardNormal.TwoSidedP(score / Math.Sqrt(ScoreVariance(x.Length, tiesX, tiesY)));
        return new(Math.Clamp(score / scale, -1, 1), p, x.Length);
    }

    /// <summary>Concordant minus discordant pairs.</summary>
    internal static int Score(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        int score = 0;
        for (int i = 0; i < x.Length; i++)
        {
            for (int j = 0; j < i; j++)
            {
                score += x[i].CompareTo(x[j]) * y[i].CompareTo(y[j]);
            }
        }

        return score;
    }

    /// <summary>Variance of the score over all pairings (Kendall, "Rank correlation methods", with ties in both samples). n ≥ 3.</summary>
    internal static double ScoreVariance(int n, int[] tiesX, int[] tiesY)
    {
        double main = Fives(n) - tiesX.Sum(Fives) - tiesY.Sum(Fives);
        double triples = tiesX.Sum(Triples) * tiesY.Sum(Triples) / (9 * Triples(n));
        double doubles = 2 * tiesX.Sum(Pairs) * tiesY.Sum(Pairs) / ((double)n * (n - 1));
        return (main / 18) + triples + doubles;
    }

    private static double Pairs(int n) => n * (n - 1.0) / 2;

    private static double Triples(int n) => n * (n - 1.0) * (n - 2.0);

    private static double Fives(int n) => n * (n - 1.0) * ((2.0 * n) + 5);
}
