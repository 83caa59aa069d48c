using Goodhart.Evaluation.Statistics;

namespace Goodhart.Evaluation.Fits;

/// <summary>Percentile intervals of a peak's place and height from bootstrap refits.</summary>
/// <param name="SqrtKl">Its high end is null (unbounded) where more than the tail's share of refits have no maximum.</param>
/// <param name="WinRate">Over all refits too: unbounded together with the place.</param>
public sealed record PeakIntervals(FitInterval? SqrtKl, FitInterval? WinRate)
{
    internal static PeakIntervals From(IReadOnlyList<(double SqrtKl, double WinRate)> peaks, double level, string method) => new(
        FitInterval.From(Percentiles.Interval(peaks.Select(peak => peak.SqrtKl), level), method),
        FitInterval.From(Percentiles.Interval(peaks.Select(peak => peak.WinRate), level), method));
}
