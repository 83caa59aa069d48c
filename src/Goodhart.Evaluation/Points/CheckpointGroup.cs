namespace Goodhart.Evaluation.Points;

/// <summary>The checkpoints of one loss and model, and the SFT model they started from.</summary>
/// <param name="Checkpoints">Over β, fraction of the epoch and seed; without the SFT model.</param>
/// <param name="Sft">Its mean where several alignment seeds have evaluated it, each with its own samples; null where the study has
/// not.</param>
public sealed record CheckpointGroup(string Loss, string Model, IReadOnlyList<EvaluatedCheckpoint> Checkpoints, EvaluatedCheckpoint? Sft)
{
    public string Name => $"{Loss}/{Model}";

    /// <summary>Groups in order of first appearance.</summary>
    public static IReadOnlyList<CheckpointGroup> Split(IReadOnlyList<EvaluatedCheckpoint> checkpoints) =>
        [.. checkpoints.Where(c => !c.IsSft).GroupBy(c => (c.Point.Loss, c.Point.Model)).Select(group => new CheckpointGroup(
            group.Key.Loss, group.Key.Model, [.. group], SftOf(checkpoints, group.Key.Model)))];

    private static EvaluatedCheckpoint? SftOf(IReadOnlyList<EvaluatedCheckpoint> checkpoints, string model)
    {
        EvaluatedCheckpoint[] evaluated = [.. checkpoints.Where(c => c.IsSft && c.Point.Model == model)];
        return evaluated.Length == 0 ? null : SeedAverage.Average(evaluated);
    }
}
