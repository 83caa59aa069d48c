namespace Goodhart.Evaluation.Statistics;

/// <summary>A correlation of two samples.</summary>
/// <param name="P">Two-sided p value of no association; null where the sample is too small to have one.</param>
public readonly record struct Correlation(double Value, double? P, int Count)
{
    /// <summary>Pearson's r; p from t on n − 2 degrees of freedom. Null where a sample is constant or has fewer than two values.</summary>
    public static Correlation? Pearson(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        RequirePairs(x, y);
        if (x.Length < 2 || IsConstant(x) || IsConstant(y))
        {
            return null;
        }

        double meanX = MeanEstimate.Average(x);
        double meanY = MeanEstimate.Average(y);
        double product = 0;
        for (int i = 0; i < x.Length; i++)
        {
            product += (x[i] - meanX) * (y[i] - meanY);
        }

        // Two roots, not the root of the product: the product of two small variances underflows first.
        double scale = Math.Sqrt(MeanEstimate.SquaredDeviations(x, meanX)) * Math.Sqrt(MeanEstimate.SquaredDeviations(y, meanY));
        if (scale == 0)
        {
            return null;
        }

        double r = Math.Clamp(product / scale, -1, 1);
        return new(r, PearsonP(r, x.Length), x.Length);
    }

    /// <summary>Spearman's ρ: Pearson's r of average ranks; p from its t approximation.</summary>
    public static Correlation? Spearman(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        RequirePairs(x, y);
        return Pearson(Ranks.Average(x), Ranks.Average(y));
    }

    /// <summary>Kendall's τ-b; p from the normal approximation with the variance corrected for ties. Null where a sample is
    /// constant.</summary>
    public static Correlation? Kendall(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        RequirePairs(x, y);
        return KendallTau.Estimate(x, y);
    }

    private static double? PearsonP(double r, int count)
    {
        if (count < 3)
        {
            return null;
        }

        double t = r * Math.Sqrt((count - 2) / ((1 - r) * (1 + r)));
        return StudentsT.TwoSidedP(t, count - 2);
    }

    // Asked of the values: the deviations of equal values from their mean can be rounding noise, which would correlate.
    private static bool IsConstant(ReadOnlySpan<double> values) => !values.ContainsAnyExcept(values[0]);

    private static void RequirePairs(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        if (x.Length != y.Length)
        {
            throw new ArgumentException($"A correlation needs pairs, got {x.Length} and {y.Length} values.");
        }
    }
}
