using Goodhart.Evaluation.Statistics;

namespace Goodhart.Evaluation.Fits;

/// <summary>Percentile intervals of a fit from bootstrap refits.</summary>
/// <param name="SqrtKl">Its high end is null (unbounded) where more than the tail's share of refits have no maximum.</param>
/// <param name="WinRate">Over all refits too: unbounded together with the place.</param>
/// <param name="Coefficients">In the fit's order, a free R₀ first.</param>
public sealed record PeakIntervals(FitInterval? SqrtKl, FitInterval? WinRate, IReadOnlyList<FitInterval?> Coefficients)
{
    public static PeakIntervals From(LawRefits refits, int coefficients, double level, string method) => new(
        FitInterval.From(Percentiles.Interval(refits.Peaks.Select(peak => peak.SqrtKl), level), method),
        FitInterval.From(Percentiles.Interval(refits.Peaks.Select(peak => peak.WinRate), level), method),
        [.. Enumerable.Range(0, coefficients).Select(i => refits.Interval(i, level, method))]);
}
