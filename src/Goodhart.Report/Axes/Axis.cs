namespace Goodhart.Report.Axes;

/// <summary>One axis of a panel: what it measures, its range, and where a value lies in it.</summary>
public abstract record Axis
{
    private protected Axis(string label, double low, double high)
    {
        if (!double.IsFinite(low) || !double.IsFinite(high) || !(low < high))
        {
            throw new ArgumentException($"Axis '{label}': expected finite limits with low < high, found {low} and {high}.");
        }

        (Label, Low, High) = (label, low, high);
    }

    /// <summary>What the axis measures, with its unit; <c>_{...}</c> and <c>^{...}</c> set subscripts and superscripts.</summary>
    public string Label { get; }

    public double Low { get; }

    public double High { get; }

    /// <summary>Place of a value: 0 at <see cref="Low"/>, 1 at <see cref="High"/>; outside [0, 1] for values outside the range.</summary>
    public abstract double Place(double value);

    /// <summary>Round values inside the range.</summary>
    /// <param name="about">How many are wanted; the count returned is near it.</param>
    public abstract IReadOnlyList<Tick> Ticks(int about);
}

/// <param name="Text">The value as the axis shows it; empty for a minor tick.</param>
public readonly record struct Tick(double Value, string Text);
