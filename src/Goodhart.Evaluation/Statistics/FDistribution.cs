using MathNet.Numerics;

namespace Goodhart.Evaluation.Statistics;

/// <summary>Fisher and Snedecor's F distribution.</summary>
public static class FDistribution
{
    /// <summary>P(F ≥ f) = I_x(d₂/2, d₁/2) at x = d₂/(d₂ + d₁ f): a tail, so that tiny p values do not round to zero.</summary>
    public static double UpperTail(double f, double numerator, double denominator)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(numerator);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(denominator);
        return f <= 0 ? 1 : SpecialFunctions.BetaRegularized(denominator / 2, numerator / 2, denominator / (denominator + (numerator * f)));
    }
}
