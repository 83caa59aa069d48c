using Goodhart.Evaluation.Fits;
using Goodhart.Report.Text;

namespace Goodhart.Studies.Wording;

internal static class IntervalText
{
    /// <summary>[0.91, 1.34], or [0.91, ∞), with the level where it is not the usual 95 %.</summary>
    public static string Of(FitInterval interval, int decimals)
    {
        string level = Math.Abs(interval.Level - 0.95) < 1e-9 ? string.Empty : $" ({Numbers.Fixed(100 * interval.Level, 0)} %)";
        string high = interval.High is null ? "∞)" : Numbers.Fixed(interval.High, decimals) + "]";
        return $"[{Numbers.Fixed(interval.Low, decimals)}, {high}{level}";
    }
}
