namespace Goodhart.Evaluation.Statistics;

/// <summary>Quantiles of a sample.</summary>
public static class Percentiles
{
    /// <summary>The central interval of bootstrap values. An infinite value is a value: it makes its end of the interval
    /// infinite.</summary>
    public static ConfidenceInterval Interval(IEnumerable<double> values, double level = 0.95)
    {
        ConfidenceInterval.RequireLevel(level);
        double[] sorted = [.. values];
        Array.Sort(sorted);
        return new(Quantile(sorted, (1 - level) / 2), Quantile(sorted, (1 + level) / 2), level);
    }

    /// <summary>Linear interpolation between order statistics (type 7 of Hyndman and Fan).</summary>
    public static double Quantile(ReadOnlySpan<double> sorted, double share)
    {
        if (sorted.IsEmpty)
        {
            throw new ArgumentException("A quantile needs at least one value.", nameof(sorted));
        }

        double place = share * (sorted.Length - 1);
        int below = (int)Math.Floor(place);
        double low = sorted[below];
        double high = sorted[Math.Min(below + 1, sorted.Length - 1)];

        // Equal ends first: ∞ − ∞ is not a number.
        return low == high || place == below ? low : low + ((place - below) * (high - low));
    }
}
