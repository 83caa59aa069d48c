using MathNet.Numerics;

namespace Goodhart.Evaluation.Statistics;

/// <summary>The standard normal distribution.</summary>
public static class StandardNormal
{
    public static double Cdf(double x) => 0.5 * SpecialFunctions.Erfc(-x / Math.Sqrt(2));

    /// <summary>P(|Z| ≥ |z|): kept as a tail, so that tiny p values do not round to zero.</summary>
    public static double TwoSidedP(double z) => SpecialFunctions.Erfc(Math.Abs(z) / Math.Sqrt(2));

    /// <summary>The z with P(Z ≤ z) = <paramref name="p"/>.</summary>
    public static double Quantile(double p) => p switch
    {
        0 => double.NegativeInfinity,
        1 => double.PositiveInfinity,
        > 0 and < 1 => -Math.Sqrt(2) * SpecialFunctions.ErfcInv(2 * p),
        _ => throw new ArgumentOutOfRangeException(nameof(p), p, "A probability lies in [0, 1]."),
    };
}
