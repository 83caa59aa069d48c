using Goodhart.Evaluation.Points;

namespace Goodhart.Evaluation.Length;

/// <summary>Section 3.3 of one checkpoint: an element of results.json's length.</summary>
/// <param name="Length">Mean tokens of its responses; null where not measured.</param>
/// <param name="DataLength">Mean tokens of the data set's responses to the same prompts.</param>
/// <param name="Gamma">γ of Eq. (6), nats per token.</param>
/// <param name="R2Origin">Of Eq. (6) through the origin, uncentred.</param>
/// <param name="Slope">Of Eq. (6) with an intercept, nats per token.</param>
/// <param name="R2">Its R², about the mean.</param>
public sealed record LengthReading(
    CheckpointKey Checkpoint,
    double SqrtKl,
    double? Length,
    double? DataLength,
    RateEstimate Raw,
    RateEstimate Matched,
    LengthControlledWinRate Controlled,
    double? Gamma,
    double? R2Origin,
    double? Slope,
    double? R2)
{
    /// <summary>One reading per checkpoint, the SFT models among them; empty where no lengths were measured.</summary>
    public static IReadOnlyList<LengthReading> OfStudy(IReadOnlyList<EvaluatedCheckpoint> checkpoints, LengthOptions options)
    {
        EvaluatedCheckpoint[] measured = [.. checkpoints.Where(c => c.Outcomes is { Length: not null, DataLength: not null })];
        if (measured.Length == 0)
        {
            return [];
        }

        EvaluatedCheckpoint.RequireCommonPrompts(measured);
        PromptDifficulty difficulty = new(measured, options);
        LengthReading[] readings = new LengthReading[measured.Length];
        Parallel.For(0, measured.Length, i => readings[i] = Of(measured[i], difficulty.Without(measured[i]), options));
        return readings;
    }

    /// <param name="difficulty">γ_x by prompt; null leaves it out.</param>
    public static LengthReading Of(EvaluatedCheckpoint checkpoint, double[]? difficulty, LengthOptions options)
    {
        CheckpointPoint point = checkpoint.Point;
        PerPromptOutcomes outcomes = checkpoint.Outcomes;
        return new(
            CheckpointKey.Of(point),
            point.SqrtKl,
            outcomes.Length?.Average(),
            outcomes.DataLength?.Average(),
            RateEstimate.Of(outcomes.Win),
            LengthMatch.Rate(outcomes, options),
            LengthControl.Estimate(outcomes, difficulty, options),
            point.LengthGamma,
            point.LengthR2Origin,
            point.LengthSlope,
            point.LengthR2);
    }
}
