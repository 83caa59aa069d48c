namespace Goodhart.Report.Axes;

internal static class AxisRange
{
    /// <summary>Smallest and largest value; <paramref name="empty"/> where there is none.</summary>
    public static (double Low, double High) Of(string label, IEnumerable<double> values, (double Low, double High) empty)
    {
        (double low, double high) = (double.PositiveInfinity, double.NegativeInfinity);
        foreach (double value in values)
        {
            if (!double.IsFinite(value))
            {
                throw new ArgumentException($"Axis '{label}': expected finite values, found {value}; leave missing values out.");
            }

            (low, high) = (Math.Min(low, value), Math.Max(high, value));
        }

        return low > high ? empty : (low, high);
    }
}
