namespace Goodhart.Evaluation.Statistics;

/// <summary>Best-of-n sampling.</summary>
public static class BestOfN
{
    /// <summary>ln n − (n − 1)/n: the KL of best-of-n to its base policy in nats, an upper bound where responses can repeat
    /// (Beirami et al. 2024).</summary>
    public static double Kl(int n)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(n);
        return Math.Log(n) - ((n - 1.0) / n);
    }
}
