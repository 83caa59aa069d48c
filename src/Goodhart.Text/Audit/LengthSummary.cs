namespace Goodhart.Text.Audit;

/// <summary>How long the texts of a column are. Quantiles interpolate between the two nearest texts.</summary>
public sealed record LengthSummary(double Mean, int Min, double P5, double Median, double P95, double P99, int Max)
{
    /// <param name="lengths">Not empty; is sorted in place.</param>
    internal static LengthSummary Of(List<int> lengths)
    {
        lengths.Sort();
        return new LengthSummary(
            lengths.Average(),
            lengths[0],
            Quantile(lengths, 0.05),
            Quantile(lengths, 0.5),
            Quantile(lengths, 0.95),
            Quantile(lengths, 0.99),
            lengths[^1]);
    }

    private static double Quantile(List<int> sorted, double share)
    {
        double place = share * (sorted.Count - 1);
        int below = (int)place;
        return sorted[below] + ((place - below) * (sorted[Math.Min(below + 1, sorted.Count - 1)] - sorted[below]));
    }
}
