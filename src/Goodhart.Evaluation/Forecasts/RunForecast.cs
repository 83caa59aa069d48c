using Goodhart.Evaluation.Points;

namespace Goodhart.Evaluation.Forecasts;

/// <summary>What a run's checkpoints so far say about the rest of it: an element of results.json's forecasts.</summary>
/// <param name="Checkpoint">The last one seen.</param>
/// <param name="Seen">How many were seen.</param>
/// <param name="Stop">The rule's decision.</param>
/// <param name="Reason">Its numbers.</param>
/// <param name="BestFraction">The checkpoint to keep if training ended now.</param>
/// <param name="Peak">Its place from the other groups, its height from these checkpoints; null for fewer than three other
/// groups.</param>
/// <param name="ChancePast">Probability that the peak lies behind.</param>
public sealed record RunForecast(
    CheckpointKey Checkpoint,
    int Seen,
    double SqrtKl,
    bool Stop,
    string Reason,
    double BestFraction,
    double BestWinRate,
    PeakForecast? Peak,
    double? ChancePast)
{
    /// <param name="run">Seen checkpoints in order.</param>
    /// <param name="sftWinRate">Null where the study has no SFT model: then there is no peak to forecast.</param>
    internal static RunForecast Of(IReadOnlyList<EvaluatedRunPoint> run, double? sftWinRate, PeakPlace? place, ForecastOptions options)
    {
        RunMeasurement[] measured = [.. run.Select(point => point.Measurement)];
        StopDecision decision = options.Rule.Decide(measured);
        EvaluatedRunPoint last = run[^1];
        SeenPoints? seen = sftWinRate is not { } sft ? null : SeenPoints.Of([.. run.Select(point => point.Point)], sft);
        return new(
            CheckpointKey.Of(last.Point),
            run.Count,
            last.Point.SqrtKl,
            decision.Stop,
            decision.Reason,
            measured[decision.Best].Fraction,
            measured[decision.Best].Score,
            place is null || seen is null ? null : PeakForecast.Of(place, seen, options.Level),
            place?.ChanceBefore(last.Point.SqrtKl));
    }
}

/// <summary>A checkpoint and what a stop rule sees of it.</summary>
internal sealed record EvaluatedRunPoint(CheckpointPoint Point, RunMeasurement Measurement);
