using Goodhart.Steps.Rows;
using Goodhart.Steps.Runs.Stopping;
using Goodhart.Steps.Training;

namespace Goodhart.Steps.Runs;

/// <param name="Directory">The run's folder.</param>
/// <param name="Model">The final model's folder; of a watched run, the best checkpoint's copy.</param>
/// <param name="Checkpoints">Folders of checkpoints, relative to <paramref name="Directory"/>.</param>
/// <param name="Data">What became of the rows.</param>
/// <param name="Updates">Done: all of the plan, unless the run was stopped.</param>
/// <param name="Last">What the last update reported.</param>
/// <param name="LastHeldOut">What the held-out pairs said of the final model; null without them.</param>
/// <param name="Executed">Steps that were run now; the others were stored already.</param>
public sealed record TrainingResult(
    string Directory,
    string Model,
    IReadOnlyList<string> Checkpoints,
    TokenizedData Data,
    int Updates,
    MetricRow Last,
    MetricRow? LastHeldOut,
    int Executed)
{
    /// <summary>Where and why a watched run ended; null for one that was not watched.</summary>
    public PeakRecord? Stop { get; init; }

    /// <summary>What the alarm said; null where none was asked.</summary>
    public AlarmRecord? Alarm { get; init; }

    /// <summary>Of single responses that were trained on; null for pairs.</summary>
    public ResponseLabels? Labels { get; init; }

    /// <summary>
    /// What the collections that end at a checkpoint reported, of samples from before their updates; policy gradients only.
    /// </summary>
    public IReadOnlyList<MetricRow> AtCheckpoints { get; init; } = [];
}
