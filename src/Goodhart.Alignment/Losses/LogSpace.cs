namespace Goodhart.Alignment.Losses;

/// <summary>Logistic functions that neither overflow nor cancel, to a few units in the last place for every finite argument.</summary>
public static class LogSpace
{
    /// <summary>σ(x) = 1 / (1 + e^−x).</summary>
    public static double Sigmoid(double x)
    {
        double e = Math.Exp(-Math.Abs(x));
        return (x >= 0 ? 1 : e) / (1 + e);
    }

    /// <summary>σ′(x) = σ(x)·σ(−x).</summary>
    public static double SigmoidSlope(double x) => Sigmoid(x) * Sigmoid(-x);

    /// <summary>log σ(x), never from σ(x): at x = −800 that is 0 and its logarithm −∞.</summary>
    public static double LogSigmoid(double x) => -Softplus(-x);

    /// <summary>log(1 + e^x).</summary>
    public static double Softplus(double x) => Math.Max(x, 0) + LogOnePlus(Math.Exp(-Math.Abs(x)));

    /// <summary>e^x − 1, exact near 0 where the framework's ExpM1 subtracts and cancels.</summary>
    public static double ExpMinusOne(double x)
    {
        double e = Math.Exp(x);
        return e == 1 ? x : Math.Abs(x) > 1 ? e - 1 : (e - 1) * (x / Math.Log(e));
    }

    /// <summary>log(1 − e^x) for x below 0.</summary>
    public static double LogOneMinusExp(double x) => x > -Math.Log(2) ? Math.Log(-ExpMinusOne(x)) : LogOnePlus(-Math.Exp(x));

    /// <summary>e^a − e^b: neither cancels where they are near, nor is NaN where both are beyond the largest double.</summary>
    public static double ExpDifference(double a, double b) =>
        a == b ? 0 : a > b ? -Math.Exp(a) * ExpMinusOne(b - a) : Math.Exp(b) * ExpMinusOne(a - b);

    /// <summary>weight · value, 0 where the weight is 0: a weight of 0 takes the term away even where it is infinite.</summary>
    public static double Weighted(double weight, double value) => weight == 0 ? 0 : weight * value;

    /// <summary>log(1 + u) for u in (−1, 1]. The framework's LogP1 adds first and so returns 0 below 1e-16.</summary>
    /// <remarks>Kahan's correction: the rounding error of 1 + u cancels in u / ((1 + u) − 1).</remarks>
    private static double LogOnePlus(double u)
    {
        double sum = 1 + u;
        return sum == 1 ? u : Math.Log(sum) * (u / (sum - 1));
    }
}
