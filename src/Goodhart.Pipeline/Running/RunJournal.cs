using System.Diagnostics;

namespace Goodhart.Pipeline;

/// <summary>Tells the event log and the observer what happens in a run.</summary>
/// <param name="note">Told, once, where an observer fails; null: nobody is.</param>
internal sealed class RunJournal(EventLog log, IRunObserver? observer, Action<string>? note)
{
    private static readonly TimeSpan ProgressInterval = TimeSpan.FromSeconds(1);
    private readonly Lock gate = new();
    private IRunObserver? observer = observer;

    public void RunStarted(Plan plan)
    {
        PlannedStep[] cached = [.. plan.Steps.Where(step => step.State == StepState.Cached)];
        string text = $"to run: {plan.ToRun.Count()}, cached: {cached.Length}";
        log.Append(
            [Event(RunEventKind.RunStarted) with { Text = text, Plan = Entries(plan) },
                .. cached.Select(step => Event(RunEventKind.StepCached, step))]);
        Tell(watcher => watcher.RunStarted(plan));
    }

    /// <summary>Only notes the graph: its steps are somebody else's to run.</summary>
    public void Planned(Plan plan) => log.Append(Event(RunEventKind.RunPlanned) with { Plan = Entries(plan) });

    /// <param name="outcome">"done", "cancelled" or "failed".</param>
    public void RunFinished(string outcome) => AppendLast(Event(RunEventKind.RunFinished) with { Text = outcome });

    /// <param name="time">Null: now.</param>
    public void Started(PlannedStep step, int threads, DateTimeOffset? time = null)
    {
        RunEvent started = Event(RunEventKind.StepStarted, step);
        log.Append(started with { Time = time ?? started.Time });
        Tell(watcher => watcher.StepStarted(step, threads));
    }

    /// <summary>A receiver of one step's reports: the observer gets all, the log the last (fraction 1) and about one a second.</summary>
    public Action<ProgressReport> ProgressOf(PlannedStep step)
    {
        long last = 0;
        return report =>
        {
            long now = Stopwatch.GetTimestamp();
            long previous = Interlocked.Read(ref last);
            bool due = previous == 0 || Stopwatch.GetElapsedTime(previous, now) >= ProgressInterval || report.Fraction >= 1;
            if (due && Interlocked.CompareExchange(ref last, now, previous) == previous)
            {
                log.Append(Event(RunEventKind.StepProgress, step) with
                {
                    Fraction = report.Fraction,
                    Text = report.Text,
                    Metrics = report.Metrics,
                });
            }

            Tell(watcher => watcher.StepProgressed(step, report));
        };
    }

    public void Measured(PlannedStep step, IReadOnlyDictionary<string, double> metrics) =>
        log.Append(Event(RunEventKind.Metric, step) with { Metrics = metrics });

    public void Finished(PlannedStep step, TimeSpan elapsed)
    {
        log.Append(Event(RunEventKind.StepFinished, step) with { Seconds = elapsed.TotalSeconds });
        Tell(watcher => watcher.StepFinished(step, elapsed));
    }

    public void Failed(PlannedStep step, StepFailedException failure)
    {
        Tell(watcher => watcher.StepFailed(step, failure));
        AppendLast(Event(RunEventKind.StepFailed, step) with { Text = failure.Message });
    }

    public void Retried(PlannedStep step, string reason)
    {
        Tell(watcher => watcher.StepRetried(step, reason));
        AppendLast(Event(RunEventKind.StepRetried, step) with { Text = reason });
    }

    /// <param name="cause">The failed step.</param>
    public void Skipped(PlannedStep step, PlannedStep cause)
    {
        Tell(watcher => watcher.StepSkipped(step, cause));
        AppendLast(Event(RunEventKind.StepSkipped, step) with { Text = $"needs {cause.Label}, which failed" });
    }

    /// <summary>Progress of a step in another process, which logs it itself.</summary>
    public void Watched(PlannedStep step, ProgressReport report) => Tell(watcher => watcher.StepProgressed(step, report));

    private void AppendLast(RunEvent entry)
    {
        try
        {
            log.Append(entry);
        }
        catch (IOException)
        {
            // On a full disk the log cannot grow either; the failure itself is on its way to the user.
        }
    }

    private static PlannedEntry[] Entries(Plan plan) =>
    [
        .. plan.Steps.Select(step => new PlannedEntry(
            step.Name, step.Key, step.Label, [.. step.Inputs.Select(input => input.Key)], step.Step.EstimatedCost, step.Runs,
            step.Step.About)),
    ];

    private static RunEvent Event(RunEventKind kind, PlannedStep? step = null) => new()
    {
        Time = DateTimeOffset.UtcNow,
        Kind = kind,
        Step = step?.Name,
        Key = step?.Key,
        Label = step?.Label,
    };

    /// <summary>Whatever becomes of what is shown, the work goes on: an observer that fails is not told of anything again.</summary>
    private void Tell(Action<IRunObserver> message)
    {
        lock (gate)
        {
            if (observer is not null && Failure(() => message(observer)) is { } failure)
            {
                observer = null;
                _ = Failure(() => note?.Invoke($"what happens is not shown any more, and the run goes on: {failure.Message}"));
            }
        }
    }

    private static Exception? Failure(Action action)
    {
        try
        {
            action();
            return null;
        }
        catch (Exception failure)
        {
            return failure;
        }
    }
}
