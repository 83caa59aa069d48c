namespace Goodhart.Report.Charts;

/// <summary>A point in the units of its axes, with an optional error bar and the text that shows when it is pointed at.</summary>
/// <param name="Low">Lower end of the error bar in y; null without one.</param>
/// <param name="High">Upper end of the error bar in y; null without one.</param>
/// <param name="Note">For example "DPO, M, β 0.1: win rate 0.512 ± 0.024"; null without a tooltip.</param>
public readonly record struct ChartPoint(double X, double Y, double? Low = null, double? High = null, string? Note = null);

/// <summary>The span of a band at one x.</summary>
public readonly record struct ChartSpan(double X, double Low, double High);
