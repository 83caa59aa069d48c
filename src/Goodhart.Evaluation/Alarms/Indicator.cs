using Goodhart.Evaluation.Points;

namespace Goodhart.Evaluation.Alarms;

/// <summary>A sign of over-optimization that no judge is asked for: a number of a checkpoint, of what was measured there, at the checkpoint
/// before and at the SFT model.</summary>
/// <param name="Name">As in docs/metrics.md and in a table's header.</param>
/// <param name="Formula">In the words of docs/metrics.md.</param>
public sealed record Indicator(string Name, string Formula, string Unit)
{
    /// <summary>Null where something that it takes was not measured, or it is not defined.</summary>
    public required Func<CheckpointTrail, double?> Of { get; init; }
}

/// <summary>A checkpoint with what came before it.</summary>
/// <param name="Start">The SFT model.</param>
/// <param name="Before">The checkpoint before; <paramref name="Start"/> for the first.</param>
public readonly record struct CheckpointTrail(CheckpointPoint Start, CheckpointPoint Before, CheckpointPoint Now)
{
    /// <summary>What a quantity has changed by since the SFT model.</summary>
    public double? Change(Func<CheckpointPoint, double?> quantity) => quantity(Now) - quantity(Start);

    /// <summary>ln of its ratio to the SFT model's; null where one of the two is not above 0.</summary>
    public double? LogRatio(Func<CheckpointPoint, double?> quantity) =>
        quantity(Now) is > 0 and { } now && quantity(Start) is > 0 and { } start ? Math.Log(now / start) : null;

    /// <summary>One for each checkpoint of a run, in order of training.</summary>
    public static IReadOnlyList<CheckpointTrail> Of(CheckpointPoint start, IReadOnlyList<CheckpointPoint> run) =>
        [.. run.Select((now, i) => new CheckpointTrail(start, i == 0 ? start : run[i - 1], now))];
}
