namespace Goodhart.Evaluation.Theory;

/// <summary>Sums of exponentials in log space, in double, in order.</summary>
public static class LogSum
{
    /// <summary>log Σ exp(x); −∞ for no values.</summary>
    public static double Exp(ReadOnlySpan<double> values)
    {
        double max = double.NegativeInfinity;
        foreach (double value in values)
        {
            max = Math.Max(max, value);
        }

        if (double.IsNegativeInfinity(max))
        {
            return max;
        }

        double sum = 0;
        foreach (double value in values)
        {
            sum += Math.Exp(value - max);
        }

        return max + Math.Log(sum);
    }
}
