using Goodhart.Engine;

namespace Goodhart.Testing.Reference;

/// <summary>GELU in double precision: x·Φ(x), or its tanh form (gelu_new).</summary>
public static class GeluFunction
{
    private const double TanhScale = 0.79788456080286535588;   // √(2/π)
    private const double Cubic = 0.044715;

    public static double Value(double x, GeluForm form) => form == GeluForm.Erf
        ? 0.5 * x * (1 + Erf(x / Math.Sqrt(2)))
        : 0.5 * x * (1 + Math.Tanh(TanhScale * (x + (Cubic * x * x * x))));

    public static double Slope(double x, GeluForm form)
    {
        if (form == GeluForm.Erf)
        {
            return (0.5 * (1 + Erf(x / Math.Sqrt(2)))) + (x * Math.Exp(-x * x / 2) / Math.Sqrt(2 * Math.PI));
        }

        double t = Math.Tanh(TanhScale * (x + (Cubic * x * x * x)));
        return (0.5 * (1 + t)) + (0.5 * x * (1 - (t * t)) * TanhScale * (1 + (3 * Cubic * x * x)));
    }

    /// <summary>erf by its Taylor series near 0 and by the continued fraction of erfc in the tails; about 1e-15.</summary>
    public static double Erf(double x)
    {
        double a = Math.Abs(x);
        if (a > 6)
        {
            return Math.Sign(x);
        }

        if (a < 2.5)
        {
            double term = a;
            double sum = a;
            for (int n = 1; Math.Abs(term) > 1e-17 * Math.Abs(sum) && n < 200; n++)
            {
                term *= -a * a / n;
                sum += term / ((2 * n) + 1);
            }

            return Math.Sign(x) * 2 / Math.Sqrt(Math.PI) * sum;
        }

        double fraction = 0;
        for (int n = 80; n >= 1; n--)
        {
            fraction = n / 2.0 / (a + fraction);
        }

        return Math.Sign(x) * (1 - (Math.Exp(-a * a) / Math.Sqrt(Math.PI) / (a + fraction)));
    }
}
