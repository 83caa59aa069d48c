using System.Globalization;
using Goodhart.Evaluation.Fits;
using Goodhart.Evaluation.Points;
using Goodhart.Evaluation.Statistics;

namespace Goodhart.Evaluation.Claims;

/// <summary>Numbers and verdicts as claims state them.</summary>
internal static class ClaimText
{
    public static string Of(FormattableString text) => FormattableString.Invariant(text);

    /// <summary>A p value: never a bare 0.</summary>
    public static string P(double p) =>
        p < 1e-16 ? "p < 1e-16" : "p = " + p.ToString(p < 0.001 ? "0.0e-0" : "0.000", CultureInfo.InvariantCulture);

    /// <summary>Where a checkpoint is: "β 0.1 at 40 %"; of best-of-n, which has no β, "n 16".</summary>
    public static string Place(CheckpointPoint point) =>
        point.BestOf is { } n ? Of($"n {n}") : Of($"β {point.Beta} at {100 * point.Fraction:0} %");

    public static FitInterval Interval(ConfidenceInterval interval, string method) =>
        new(interval.Low, interval.High, interval.Level, method);

    /// <summary>Supported where the interval lies above the threshold, contradicted where below, else inconclusive.</summary>
    public static Verdict Above(double threshold, ConfidenceInterval interval) =>
        interval.Low > threshold ? Verdict.Supported : interval.High < threshold ? Verdict.Contradicted : Verdict.Inconclusive;

    public static Verdict Below(double threshold, ConfidenceInterval interval) =>
        interval.High < threshold ? Verdict.Supported : interval.Low > threshold ? Verdict.Contradicted : Verdict.Inconclusive;

    /// <summary>Supported where the interval lies within ± the margin, contradicted where it lies outside, else inconclusive.</summary>
    public static Verdict Within(double margin, ConfidenceInterval interval) =>
        interval.Low > -margin && interval.High < margin ? Verdict.Supported
        : interval.Low > margin || interval.High < -margin ? Verdict.Contradicted
        : Verdict.Inconclusive;
}
