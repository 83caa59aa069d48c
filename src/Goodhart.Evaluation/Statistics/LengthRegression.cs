namespace Goodhart.Evaluation.Statistics;

/// <summary>Eq. (6): the log-ratio of a response against its length, log π/π_ref = γ·|y| + ε.</summary>
public static class LengthRegression
{
    /// <summary>As the paper states it: one coefficient, γ in nats per token. Null where all lengths are zero.</summary>
    /// <remarks>Its uncentred R² is large wherever the mean log-ratio is far from zero; the centred one can be negative. Report
    /// both.</remarks>
    public static LeastSquaresFit? ThroughOrigin(ReadOnlySpan<double> lengths, ReadOnlySpan<double> logRatios)
    {
        double[,] design = new double[lengths.Length, 1];
        for (int i = 0; i < lengths.Length; i++)
        {
            design[i, 0] = lengths[i];
        }

        return LeastSquares.Fit(design, logRatios);
    }

    /// <summary>With an intercept: coefficients (intercept, γ). Null where all lengths are equal.</summary>
    public static LeastSquaresFit? WithIntercept(ReadOnlySpan<double> lengths, ReadOnlySpan<double> logRatios)
    {
        double[,] design = new double[lengths.Length, 2];
        for (int i = 0; i < lengths.Length; i++)
        {
            design[i, 0] = 1;
            design[i, 1] = lengths[i];
        }

        return LeastSquares.Fit(design, logRatios);
    }
}
