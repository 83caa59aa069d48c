using System.Globalization;
using Goodhart.Evaluation.Statistics;

namespace Goodhart.Evaluation.Fits;

/// <summary>A law fitted to one group of checkpoints: an element of results.json's fits.</summary>
/// <param name="Group">What was fitted, for example "dpo/M".</param>
/// <param name="Law">The name of one of <see cref="ScalingLaw.All"/>.</param>
/// <param name="Intercept">sft, free or none.</param>
/// <param name="Coefficients">In the law's order and on its scale; for gao: alpha, beta (not the loss's β); intercept where it is
/// free.</param>
/// <param name="Rmse">√(rss/n), in units of the win rate.</param>
/// <param name="RmseLoo">Root mean square of the leave-one-out prediction errors.</param>
/// <param name="Count">Number of fitted points.</param>
/// <param name="PeakSqrtKl">d at the law's maximum; null where the law has none (it rises throughout).</param>
/// <param name="PeakWinRate">The law's value there.</param>
/// <param name="PeakExtrapolated">The maximum lies beyond the largest fitted d.</param>
public sealed record ScalingLawFit(
    string Group,
    string Law,
    string Intercept,
    IReadOnlyList<FitCoefficient> Coefficients,
    double InterceptValue,
    double Rmse,
    double? RmseLoo,
    int Count,
    double? PeakSqrtKl,
    FitInterval? PeakSqrtKlInterval,
    double? PeakWinRate,
    FitInterval? PeakWinRateInterval,
    bool PeakExtrapolated)
{
    /// <summary>Root mean square of the errors at each β by the fit without that β; null where there are too few βs or none are
    /// named.</summary>
    public double? RmseHeldOutBeta { get; init; }

    /// <summary>The largest d among the fitted points.</summary>
    public double LargestSqrtKl { get; init; }

    /// <summary>The law's win rate with its interval from d = 0 to <see cref="LargestSqrtKl"/>, each d for itself, by the same bootstrap as
    /// the
    /// peak's; empty where too few resamples fix the law.</summary>
    public IReadOnlyList<FitSpan> Band { get; init; } = [];
}

/// <summary>The interval of a fitted win rate at one d.</summary>
public readonly record struct FitSpan(double SqrtKl, double Low, double High);

/// <param name="StandardError">From the residual variance rss/(n − p); null where it is undefined.</param>
public sealed record FitCoefficient(string Name, double Value, double? StandardError)
{
    /// <summary>By the same bootstrap as the peak's; contains what <see cref="StandardError"/> does not, that checkpoints share
    /// prompts.</summary>
    public FitInterval? Interval { get; init; }
}

/// <param name="High">Null: unbounded.</param>
/// <param name="Level">For example 0.95.</param>
/// <param name="Method">How it was computed: "bootstrap over prompts and seeds", "wild residual bootstrap", ...</param>
public sealed record FitInterval(double Low, double? High, double Level, string Method)
{
    /// <summary>Null where even the low end is not finite: then nothing is known.</summary>
    internal static FitInterval? From(ConfidenceInterval interval, string method) => double.IsFinite(interval.Low)
        ? new(interval.Low, double.IsFinite(interval.High) ? interval.High : null, interval.Level, method)
        : null;

    /// <summary>As text, for example "[0.71, 1.83]" or "[0.71, ∞)".</summary>
    public string Text(string format) => High is { } high
        ? $"[{Low.ToString(format, CultureInfo.InvariantCulture)}, {high.ToString(format, CultureInfo.InvariantCulture)}]"
        : $"[{Low.ToString(format, CultureInfo.InvariantCulture)}, ∞)";
}
