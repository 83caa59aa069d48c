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

    /// <summary>log σ(x), never from σ(x): at x = −800 that is 0 and its logarithm −∞.</summary>
    public static double LogSigmoid(double x) => -Softplus(-x);

    /// <summary>log(1 + e^x).</summary>
    public static double Softplus(double x) => Math.Max(x, 0) + LogOnePlus(Math.Exp(-Math.Abs(x)));

    /// <summary>log(1 + u) for u in [0, 1]. The framework's LogP1 adds first and so returns 0 below 1e-16.</summary>
    /// <remarks>Kahan's correction: the rounding error of 1 + u cancels in u / ((1 + u) − 1).</remarks>
    private static double LogOnePlus(double u)
    {
        double sum = 1 + u;
        return sum == 1 ? u : Math.Log(sum) * (u / (sum - 1));
    }
}
