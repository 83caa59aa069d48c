namespace Goodhart.Evaluation.Fits;

/// <summary>A law with fitted coefficients.</summary>
public sealed record LawFit
{
    public required ScalingLaw Law { get; init; }

    public required Intercept Intercept { get; init; }

    /// <summary>Its coefficients with their errors, and what is left of the points.</summary>
    public required LawSolution Solution { get; init; }

    /// <summary>The largest d among the fitted points.</summary>
    public required double LargestSqrtKl { get; init; }

    public double InterceptValue => LawRegression.InterceptOf(Law, Intercept, Solution.Coefficients);

    /// <summary>The law's own coefficients, without R₀.</summary>
    public ReadOnlySpan<double> LawCoefficients => LawRegression.LawPart(Intercept, Solution.Coefficients);

    /// <summary>The fitted win rate at d.</summary>
    public double Value(double d) => Law.Value(InterceptValue, d, LawCoefficients);

    /// <summary>The fitted win rate at the law's maximum; null where it has none.</summary>
    public double? PeakWinRate => Peak is { } peak ? Law.Risen(InterceptValue, peak.Rise) : null;

    public LawPeak? Peak => Law.Peak(LawCoefficients);

    /// <summary>Coefficients with standard errors, a free R₀ first under the name intercept.</summary>
    public IReadOnlyList<FitCoefficient> Coefficients
    {
        get
        {
            string[] names = Intercept is FreeIntercept ? ["intercept", .. Law.CoefficientNames] : [.. Law.CoefficientNames];
            return [.. names.Select((name, i) => new FitCoefficient(name, Solution.Coefficients[i], Solution.StandardErrors[i]))];
        }
    }

    /// <summary>Fits <paramref name="law"/> to points (d, win rate), equal weights. Null where they are too few or all at
    /// the same d.</summary>
    public static LawFit? Fit(ScalingLaw law, Intercept intercept, ReadOnlySpan<double> sqrtKl, ReadOnlySpan<double> winRates)
    {
        if (sqrtKl.Length < LawRegression.Parameters(law, intercept))
        {
            return null;
        }

        LawSolution? solution = law.Scale.Fit(
            LawRegression.Design(law, intercept, sqrtKl), winRates, LawRegression.Anchor(law, intercept));
        return solution is null ? null
            : new() { Law = law, Intercept = intercept, Solution = solution, LargestSqrtKl = sqrtKl.ToArray().Max() };
    }
}
