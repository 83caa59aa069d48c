using System.Globalization;

namespace Goodhart.Report.Axes;

/// <summary>Equal ratios take equal space. The range is positive.</summary>
public sealed record LogAxis : Axis
{
    private const double Padding = 0.035;

    public LogAxis(string label, double low, double high)
        : base(label, low, high)
    {
        if (low <= 0)
        {
            throw new ArgumentException($"Log axis '{label}': expected a positive range, found {low} to {high}; use a linear axis.");
        }
    }

    /// <summary>An axis whose range holds all values with a small margin.</summary>
    public static LogAxis Over(string label, IEnumerable<double> values)
    {
        (double low, double high) = AxisRange.Of(label, values, empty: (1, 10));
        double factor = low == high ? 2 : Math.Pow(high / low, Padding);
        return new LogAxis(label, low / factor, high * factor);
    }

    public override double Place(double value) =>
        value > 0 ? (Math.Log(value) - Math.Log(Low)) / (Math.Log(High) - Math.Log(Low)) : double.NegativeInfinity;

    public override IReadOnlyList<Tick> Ticks(int about)
    {
        double decades = Math.Log10(High / Low);
        double[] mantissas = decades > about / 2.0 ? [1] : decades > about / 3.0 ? [1, 3] : [1, 2, 5];
        int every = Math.Max(1, (int)Math.Ceiling(decades / Math.Max(1, about)));
        List<Tick> ticks = new List<Tick>();
        for (int exponent = (int)Math.Floor(Math.Log10(Low)); exponent <= Math.Log10(High); exponent++)
        {
            if (exponent % every == 0)
            {
                ticks.AddRange(mantissas.Select(m => m * Math.Pow(10, exponent)).Where(Inside).Select(v => new Tick(v, Text(v, exponent))));
            }
        }

        // A range within one step of the mantissas has no round value inside: its own ends are still better than no ticks.
        return ticks.Count > 0 ? ticks : [new Tick(Low, Plain(Low)), new Tick(High, Plain(High))];
    }

    private static string Plain(double value) => value.ToString("0.###", CultureInfo.InvariantCulture);

    private static string Text(double value, int exponent)
    {
        if (Math.Abs(exponent) <= 4)
        {
            return value.ToString("0.#####", CultureInfo.InvariantCulture);
        }

        double mantissa = value / Math.Pow(10, exponent);
        string power = "10^{" + exponent.ToString(CultureInfo.InvariantCulture).Replace('-', '−') + "}";
        return mantissa < 1.5 ? power : mantissa.ToString("0", CultureInfo.InvariantCulture) + "·" + power;
    }

    private bool Inside(double value) => value >= Low * (1 - 1e-9) && value <= High * (1 + 1e-9);
}
