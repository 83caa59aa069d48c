using Goodhart.Evaluation.Statistics;

namespace Goodhart.Evaluation.Fits;

/// <summary>A law with fitted coefficients.</summary>
public sealed record LawFit
{
    public required ScalingLaw Law { get; init; }

    public required Intercept Intercept { get; init; }

    /// <summary>The regression behind it; its response is the win rate less a fixed R₀. Columns: the free R₀ where there is one, then the
    /// law's.</summary>
    public required LeastSquaresFit Regression { get; init; }

    /// <summary>The largest d among the fitted points.</summary>
    public required double LargestSqrtKl { get; init; }

    public double InterceptValue => LawRegression.InterceptOf(Intercept, Regression.Coefficients);

    /// <summary>The law's own coefficients, without R₀.</summary>
    public ReadOnlySpan<double> LawCoefficients => LawRegression.LawPart(Intercept, Regression.Coefficients);

    /// <summary>The fitted win rate at d.</summary>
    public double Value(double d) => InterceptValue + Law.Rise(d, LawCoefficients);

    public LawPeak? Peak => Law.Peak(LawCoefficients);

    /// <summary>Coefficients with standard errors, a free R₀ first under the name intercept.</summary>
    public IReadOnlyList<FitCoefficient> Coefficients
    {
        get
        {
            string[] names = Intercept is FreeIntercept ? ["intercept", .. Law.CoefficientNames] : [.. Law.CoefficientNames];
            return [.. names.Select((name, i) => new FitCoefficient(name, Regression.Coefficients[i], Regression.StandardError(i)))];
        }
    }

    /// <summary>Fits <paramref name="law"/> to points (d, win rate), least squares, equal weights. Null where they are too few or all at
    /// the same d.</summary>
    public static LawFit? Fit(ScalingLaw law, Intercept intercept, ReadOnlySpan<double> sqrtKl, ReadOnlySpan<double> winRates)
    {
        if (sqrtKl.Length < LawRegression.Parameters(law, intercept))
        {
            return null;
        }

        double[,] design = LawRegression.Design(law, intercept, sqrtKl);
        if (LeastSquares.Fit(design, LawRegression.Response(intercept, winRates)) is not { } regression)
        {
            return null;
        }

        return new() { Law = law, Intercept = intercept, Regression = regression, LargestSqrtKl = sqrtKl.ToArray().Max() };
    }
}
