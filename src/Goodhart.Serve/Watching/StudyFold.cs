using Goodhart.Evaluation.Points;
using Goodhart.Pipeline;

namespace Goodhart.Serve.Watching;

/// <summary>What a study's events and stored steps come to. Not safe for threads.</summary>
/// <remarks>The folder of a step decides whether it is done; events tell the rest.</remarks>
/// <param name="wholeGraph">Name of the step that only a plan of the whole study has: what such a plan lacks is no part of the study any
/// more.</param>
internal sealed class StudyFold(string wholeGraph)
{
    private readonly Dictionary<string, WatchedStep> byKey = new(StringComparer.Ordinal);
    private readonly List<WatchedStep> steps = [];
    private readonly HashSet<string> stored = new(StringComparer.Ordinal);
    private HashSet<string>? graph;
    private bool isWhole;

    /// <summary>Raised by each change; a step carries the number of its own last one.</summary>
    public long Version { get; private set; }

    /// <summary>Raised when steps have left the study: what was told of it before no longer holds.</summary>
    public int Generation { get; private set; }

    /// <summary>Null: none has been seen.</summary>
    public WatchedRun? Run { get; private set; }

    /// <summary>Time of the last event, UTC; null: there is none.</summary>
    public DateTimeOffset? LastEvent { get; private set; }

    /// <summary>All that the folder has; the place of a step in it is its index.</summary>
    public IReadOnlyList<WatchedStep> Steps => steps;

    /// <summary>Whether a step belongs to the study as it was planned last, and was needed there.</summary>
    public bool Includes(WatchedStep step) =>
        graph is null || (graph.Contains(step.Key) && (step.IsToRun || step.State != WatchedState.Waiting));

    public WatchedStep? Find(string key) => byKey.GetValueOrDefault(key);

    /// <param name="alone">Whether the event stands in a file of its step.</param>
    public void Apply(RunEvent entry, bool alone)
    {
        LastEvent = LastEvent is { } last && last > entry.Time ? last : entry.Time;
        if (entry.Plan is { } plan)
        {
            Replan(plan);
        }

        switch (entry.Kind)
        {
            case RunEventKind.RunStarted or RunEventKind.RunPlanned:
                Run = new WatchedRun(entry.Time);
                Version++;
                break;
            case RunEventKind.RunFinished:
                Run = (Run ?? new WatchedRun(entry.Time)) with { Ended = entry.Time, Outcome = entry.Text };
                Version++;
                foreach (WatchedStep step in steps.Where(step => step is { State: WatchedState.Running, IsAlone: false }).ToArray())
                {
                    step.State = Resting(step);
                    Touch(step);
                }

                break;
            default:
                if (entry is { Step: { } name, Key: { } key })
                {
                    WatchedStep step = StepOf(name, key);
                    step.Label = entry.Label ?? step.Label;
                    step.IsAlone = alone;
                    Apply(entry, step);
                    Touch(step);
                }

                break;
        }
    }

    /// <summary>A step whose artifact is there.</summary>
    /// <param name="record">Null where this version cannot read it.</param>
    public void Store(string name, string key, StepRecord? record, CheckpointPoint? point)
    {
        WatchedStep step = StepOf(name, key);
        stored.Add(key);
        (step.State, step.Fraction, step.Error) = (WatchedState.Done, 1, null);
        if (record is not null)
        {
            (step.Label, step.Seconds, step.Started, step.Inputs) = (record.Label, record.Seconds, record.Started, record.InputKeys());
        }

        step.Point = point;
        Touch(step);
    }

    /// <summary>A step whose artifact somebody has deleted.</summary>
    public void Forget(string key)
    {
        if (stored.Remove(key) && byKey[key] is { State: WatchedState.Done } step)
        {
            (step.State, step.Fraction, step.Point) = (WatchedState.Waiting, 0, null);
            Touch(step);
            Generation++;
        }
    }

    public bool IsStored(string key) => stored.Contains(key);

    /// <summary>A running step that runs by itself: whether its attempt still gives a sign of life.</summary>
    public void Look(WatchedStep step, bool lives)
    {
        bool endedWithRun = Run is { Outcome: not null } run && run.Ended >= step.Started;
        WatchedState state = lives ? WatchedState.Running : endedWithRun ? Resting(step) : WatchedState.Lost;
        if (step.State != state)
        {
            step.State = state;
            Touch(step);
        }
    }

    private void Apply(RunEvent entry, WatchedStep step)
    {
        switch (entry.Kind)
        {
            case RunEventKind.StepStarted when entry.Time > step.Ended:
                step.Begin(entry.Time);
                break;
            case RunEventKind.StepProgress when entry.Time > step.Ended:
                step.Tell(entry.Fraction ?? step.Fraction, entry.Text, entry.Metrics);
                break;
            case RunEventKind.Metric when entry.Time > step.Ended && entry.Metrics is { } metrics:
                step.Tell(step.Fraction, step.Text, metrics);
                break;
            case RunEventKind.StepFinished or RunEventKind.StepCached:
                (step.Ended, step.Fraction) = (entry.Time, 1);
                step.State = stored.Contains(step.Key) ? WatchedState.Done : step.State;
                break;
            case RunEventKind.StepFailed:
                (step.Ended, step.State, step.Error) = (entry.Time, WatchedState.Failed, entry.Text);
                break;
            case RunEventKind.StepRetried:
                (step.Ended, step.State, step.Error) = (entry.Time, WatchedState.Waiting, entry.Text);
                break;
            case RunEventKind.StepSkipped:
                (step.Ended, step.State, step.Error) = (entry.Time, WatchedState.Skipped, entry.Text);
                break;
        }
    }

    private WatchedState Resting(WatchedStep step) => stored.Contains(step.Key) ? WatchedState.Done : WatchedState.Waiting;

    private void Replan(IReadOnlyList<PlannedEntry> plan)
    {
        bool whole = plan.Any(entry => entry.Step == wholeGraph);
        HashSet<string> planned = new(plan.Select(entry => entry.Key), StringComparer.Ordinal);
        if (whole && isWhole && !planned.IsSupersetOf(graph!))
        {
            Generation++;
        }

        // The data's own plan comes before the whole one, a theory chapter's after it.
        (graph, isWhole) = (whole || graph is null ? planned : [.. graph, .. planned], isWhole || whole);
        foreach (PlannedEntry entry in plan)
        {
            WatchedStep step = StepOf(entry.Step, entry.Key);
            (step.Label, step.Inputs, step.Cost, step.IsToRun) = (entry.Label, entry.Inputs, entry.Cost, entry.Runs);
            step.About = entry.About ?? step.About;

            // Whoever plans holds the folder: of an earlier run nothing is alive but what runs by itself.
            step.State = step is { State: WatchedState.Running, IsAlone: true } ? step.State : Resting(step);
            step.Error = null;
            Touch(step);
        }
    }

    private WatchedStep StepOf(string name, string key)
    {
        if (!byKey.TryGetValue(key, out WatchedStep? step))
        {
            step = new WatchedStep(steps.Count, name, key);
            steps.Add(step);
            byKey.Add(key, step);
        }

        return step;
    }

    private void Touch(WatchedStep step) => step.Changed = ++Version;
}
