namespace Goodhart.Pipeline;

/// <summary>A step in a plan.</summary>
public sealed class PlannedStep
{
    internal PlannedStep(
        Step step, StepIdentity identity, IReadOnlyList<PlannedStep> inputs, IReadOnlyList<PlannedNeed> needs, StepRecord? record)
    {
        Step = step;
        Identity = identity;
        Inputs = inputs;
        Needs = needs;
        Record = record;
        State = record is null ? StepState.NotNeeded : StepState.Cached;
    }

    public Step Step { get; }

    public string Name => Identity.Name;

    public string Key => Identity.Key;

    /// <summary>NAME-KEY, as the folder of its artifact is named.</summary>
    public string Folder => Identity.Folder;

    public string Label => Step.Label;

    public StepState State { get; internal set; }

    public bool Runs => State is StepState.ToRun or StepState.ToRestore;

    public IReadOnlyList<PlannedStep> Inputs { get; }

    /// <summary>Of the stored artifact; null if there is none yet.</summary>
    public StepRecord? Record { get; }

    /// <summary>Cost of the longest path of running steps that starts here, this step included.</summary>
    public double RemainingPath { get; internal set; }

    /// <summary>Folders of the inputs that it waits for: those not stored, and those whose deleted files it needs.</summary>
    internal IReadOnlyList<string> Missing =>
        [.. Inputs.Where(input => input.Runs || input.Record is null).Select(input => input.Folder)];

    internal StepIdentity Identity { get; }

    internal IReadOnlyList<PlannedNeed> Needs { get; }
}

/// <summary>A <see cref="FileNeed"/> whose producer is found in the plan.</summary>
internal readonly record struct PlannedNeed(PlannedStep Producer, string File);
