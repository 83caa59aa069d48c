using MathNet.Numerics;

namespace Goodhart.Evaluation.Statistics;

/// <summary>Student's t distribution.</summary>
public static class StudentsT
{
    public static double Cdf(double t, double degreesOfFreedom)
    {
        double tail = TwoSidedP(t, degreesOfFreedom) / 2;
        return t < 0 ? tail : 1 - tail;
    }

    /// <summary>P(|T| ≥ |t|) = I_x(ν/2, 1/2) at x = ν/(ν + t²): a tail, so that tiny p values do not round to zero.</summary>
    public static double TwoSidedP(double t, double degreesOfFreedom)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(degreesOfFreedom);
        if (double.IsInfinity(t))
        {
            return 0;
        }

        return SpecialFunctions.BetaRegularized(degreesOfFreedom / 2, 0.5, degreesOfFreedom / (degreesOfFreedom + (t * t)));
    }

    /// <summary>The t with P(T ≤ t) = <paramref name="p"/>.</summary>
    public static double Quantile(double p, double degreesOfFreedom)
    {
        if (!(p > 0 && p < 1))
        {
            throw new ArgumentOutOfRangeException(nameof(p), p, "A probability lies strictly between 0 and 1.");
        }

        double tail = Math.Min(p, 1 - p);
        double high = 1;
        while (TwoSidedP(high, degreesOfFreedom) > 2 * tail)
        {
            high *= 2;
        }

        double magnitude = Bisection.Root(t => (2 * tail) - TwoSidedP(t, degreesOfFreedom), 0, high);
        return p < 0.5 ? -magnitude : magnitude;
    }
}
