using Goodhart.Alignment.Losses;
using Goodhart.Alignment.Remedies;
using Goodhart.Steps.Runs.Stopping;

namespace Goodhart.Steps.Runs;

/// <param name="ReferencePath">The model that the policy is held to; the paper's is the start of the run.</param>
/// <param name="HeldOutPath">Rows to measure each checkpoint on; null: none.</param>
public sealed record AlignSettings(TrainingSettings Training, AlignmentLoss Loss, string ReferencePath, string? HeldOutPath)
{
    /// <summary>What the loss is trained with.</summary>
    public IReadOnlyList<Remedy> Remedies { get; init; } = [];

    /// <summary>Null: the run goes to its planned end unwatched.</summary>
    public PeakSettings? Peak { get; init; }

    /// <summary>Null: no alarm is asked. One of this and <see cref="Peak"/> at most.</summary>
    public AlarmSettings? Alarm { get; init; }
}
