namespace Goodhart.Report.Axes;

/// <summary>An axis that is only a place to draw in: no ticks, no label. A panel with two of them has no frame either.</summary>
public sealed record BlankAxis : Axis
{
    public BlankAxis(double low, double high)
        : base(string.Empty, low, high)
    {
    }

    public override double Place(double value) => (value - Low) / (High - Low);

    public override IReadOnlyList<Tick> Ticks(int about) => [];
}
