using System.Globalization;

namespace Goodhart.Report.Axes;

/// <summary>Equal differences take equal space.</summary>
public sealed record LinearAxis : Axis
{
    private const double Padding = 0.035;

    public LinearAxis(string label, double low, double high)
        : base(label, low, high)
    {
    }

    /// <summary>An axis whose range holds all values with a small margin; a single value gets a range of its own.</summary>
    /// <param name="least">Lower bound of the range where the quantity has one (0 for a win rate).</param>
    /// <param name="most">Upper bound of the range where the quantity has one.</param>
    /// <exception cref="ArgumentException">A value is not finite.</exception>
    public static LinearAxis Over(string label, IEnumerable<double> values, double? least = null, double? most = null)
    {
        (double low, double high) = AxisRange.Of(label, values, empty: (0, 1));
        if (high - low <= 1e-9 * Math.Max(Math.Abs(low), Math.Abs(high)))
        {
            double half = low == 0 ? 0.5 : Math.Abs(low) * 0.1;
            (low, high) = (low - half, high + half);
        }

        double margin = Padding * (high - low);
        (low, high) = (low - margin, high + margin);
        return new LinearAxis(label, Math.Max(low, least ?? low), Math.Min(high, most ?? high));
    }

    public override double Place(double value) => (value - Low) / (High - Low);

    public override IReadOnlyList<Tick> Ticks(int about)
    {
        double step = Step((High - Low) / Math.Max(1, about));
        int decimals = Decimals(step);
        List<Tick> ticks = new List<Tick>();
        double last = Math.Floor((High / step) + 1e-9);
        for (double k = Math.Ceiling((Low / step) - 1e-9); k <= last; k++)
        {
            double value = k == 0 ? 0 : k * step;
            ticks.Add(new Tick(value, value.ToString("F" + decimals.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture)));
        }

        return ticks;
    }

    /// <summary>The smallest of 1, 2, 2.5, 5 × 10ᵏ that is not far below the wanted distance.</summary>
    private static double Step(double wanted)
    {
        double power = Math.Pow(10, Math.Floor(Math.Log10(wanted)));
        double[] nice = [1, 2, 2.5, 5, 10];
        return power * nice.First(n => n * power >= wanted * 0.72);
    }

    private static int Decimals(double step)
    {
        int decimals = 0;
        for (double scaled = step; Math.Abs(scaled - Math.Round(scaled)) > 1e-6 * scaled && decimals < 12; scaled *= 10)
        {
            decimals++;
        }

        return decimals;
    }
}
