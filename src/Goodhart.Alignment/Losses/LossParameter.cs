using System.Globalization;

namespace Goodhart.Alignment.Losses;

/// <summary>A number of a loss besides β.</summary>
/// <param name="Name">As in <c>--loss-parameter NAME=VALUE</c>.</param>
/// <param name="Default">Where nothing else is said.</param>
/// <param name="Range">What it may be.</param>
/// <param name="Meaning">In one phrase, with its unit.</param>
public sealed record LossParameter(string Name, double Default, ParameterRange Range, string Meaning)
{
    /// <exception cref="ArgumentException">Out of range; the message names the loss, the parameter and the range.</exception>
    public double Checked(double value, string loss) => Range.Holds(value)
        ? value
        : throw new ArgumentException(string.Create(
            CultureInfo.InvariantCulture, $"{loss}: expected {Name} {Range.Text}, got {value}."));
}

/// <summary>The finite numbers from a lower bound up to, but without, an upper one.</summary>
/// <param name="IsWhole">Whether only whole numbers are meant.</param>
public sealed record ParameterRange(double Low, bool IncludesLow, double High, bool IsWhole = false)
{
    public static ParameterRange Finite { get; } = new(double.NegativeInfinity, false, double.PositiveInfinity);

    public static ParameterRange AtLeast0 { get; } = new(0, true, double.PositiveInfinity);

    public static ParameterRange Above0 { get; } = new(0, false, double.PositiveInfinity);

    /// <summary>The share of labels that are wrong: at one half the labels say nothing.</summary>
    public static ParameterRange Noise { get; } = new(0, true, 0.5);

    /// <summary>Whole numbers from 1 on.</summary>
    public static ParameterRange Count { get; } = new(1, true, int.MaxValue, IsWhole: true);

    /// <summary>A share that is less than the whole.</summary>
    public static ParameterRange Share { get; } = new(0, true, 1);

    public static ParameterRange Between(double low, double high) => new(low, false, high);

    /// <summary>"in [0, 0.5)", "of at least 0, and finite", ...</summary>
    public string Text => IsWhole ? string.Create(CultureInfo.InvariantCulture, $"a whole number of at least {Low}")
        : double.IsFinite(High)
        ? string.Create(CultureInfo.InvariantCulture, $"in {(IncludesLow ? '[' : '(')}{Low}, {High})")
        : !double.IsFinite(Low) ? "of any finite value"
        : string.Create(CultureInfo.InvariantCulture, $"{(IncludesLow ? "of at least" : "above")} {Low}, and finite");

    public bool Holds(double value) => double.IsFinite(value) && value < High && (IncludesLow ? value >= Low : value > Low)
        && (!IsWhole || value == Math.Floor(value));
}
