namespace Goodhart.Steps.Runs;

/// <param name="Training">Member k is seeded by its seed plus k: head and data order.</param>
/// <param name="HeldOutPath">Pairs to measure each checkpoint on; null: none.</param>
/// <param name="Members">Reward models to train.</param>
public sealed record RewardSettings(TrainingSettings Training, string? HeldOutPath, int Members);

/// <param name="Directory">The run's folder.</param>
/// <param name="Models">Folders of the final models.</param>
/// <param name="Margins">Whether the pairs had margins.</param>
/// <param name="Runs">Of each member.</param>
/// <param name="HeldOut">Of each member, then of their mean where there are several; empty without held-out pairs.</param>
public sealed record RewardResult(
    string Directory, IReadOnlyList<string> Models, bool Margins, IReadOnlyList<TrainingResult> Runs, IReadOnlyList<RewardQuality> HeldOut);
