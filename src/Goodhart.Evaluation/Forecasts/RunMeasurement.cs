using Goodhart.Evaluation.Points;

namespace Goodhart.Evaluation.Forecasts;

/// <summary>One checkpoint of a run as a stop rule sees it: a win rate, or any score where more is better, on held-out prompts.</summary>
/// <param name="Fraction">Of the training planned.</param>
/// <param name="Score">Mean over the prompts.</param>
/// <param name="StandardError">Over the prompts; null where not known and <paramref name="ByPrompt"/> is null too.</param>
/// <param name="SqrtKl">d = √KL to the reference; null where not measured.</param>
/// <param name="ByPrompt">The score on each prompt, in one order for all checkpoints of the run: makes comparisons paired.</param>
public sealed record RunMeasurement(
    double Fraction, double Score, double? StandardError, double? SqrtKl, IReadOnlyList<double>? ByPrompt = null)
{
    public static RunMeasurement Of(EvaluatedCheckpoint checkpoint) => new(
        checkpoint.Point.Fraction, checkpoint.WinRate, checkpoint.Point.WinRateSe, checkpoint.Point.SqrtKl, checkpoint.Outcomes.Win);

    /// <summary>Without outcomes by prompt: comparisons then take the two errors as independent, which is careful, since shared prompts
    /// make the true error smaller.</summary>
    public static RunMeasurement Of(CheckpointPoint point) => new(point.Fraction, point.WinRate!.Value, point.WinRateSe, point.SqrtKl);

    /// <summary>With outcomes by prompt where two or more are known, else without.</summary>
    public static RunMeasurement OfKnown(EvaluatedCheckpoint checkpoint) =>
        checkpoint.Outcomes.Win.Length > 1 ? Of(checkpoint) : Of(checkpoint.Point);
}
