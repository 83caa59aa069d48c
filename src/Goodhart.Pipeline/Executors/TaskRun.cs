namespace Goodhart.Pipeline;

/// <summary>The tasks of one run, and whom to tell: the event log, the observer, the disposal of files that nobody needs now.</summary>
/// <remarks>Safe for threads. Results come from the steps' own files, never from what an executor says of them.</remarks>
public sealed class TaskRun
{
    /// <summary>How often progress of running steps is looked for.</summary>
    internal static readonly TimeSpan Watch = TimeSpan.FromMilliseconds(500);

    private readonly Lock gate = new();
    private readonly Dictionary<string, TaskEntry> entries = new(StringComparer.Ordinal);
    private readonly SortedSet<TaskEntry> ready = new(TaskEntry.HeaviestFirst);
    private readonly List<FailedTask> failed = [];
    private readonly ArtifactStore store;
    private readonly RunJournal journal;
    private readonly Disposal disposal;
    private int left;

    internal TaskRun(Plan plan, TaskTemplate template, string directory, ArtifactStore store, RunJournal journal, Disposal disposal)
    {
        (Directory, this.store, this.journal, this.disposal) = (directory, store, journal, disposal);
        Tasks = template.Of(plan);
        foreach (StepTask task in Tasks)
        {
            TaskEntry entry = new(plan.Find(task.Id)!, task, entries.Count, EventTail.FromNow(EventLog.OfStep(directory, task.Id)));
            entries.Add(task.Id, entry);
            foreach (string need in task.Needs)
            {
                entries[need].Dependents.Add(entry);
            }

            if (task.Needs.Count == 0)
            {
                ready.Add(entry);
            }
        }

        left = entries.Count;
    }

    /// <summary>The study's folder, in full.</summary>
    public string Directory { get; }

    /// <summary>Where the commands are to be called: files that the study names are found from there.</summary>
    public string WorkingDirectory { get; } = Environment.CurrentDirectory;

    /// <summary>What was left to run at the start, each after those that it needs.</summary>
    public IReadOnlyList<StepTask> Tasks { get; }

    /// <summary>Whether every task is done, failed or skipped.</summary>
    public bool IsOver
    {
        get
        {
            lock (gate)
            {
                return left == 0;
            }
        }
    }

    /// <summary>Tasks that wait for nothing but a place, the longest remaining path first.</summary>
    public IReadOnlyList<StepTask> Ready()
    {
        lock (gate)
        {
            return [.. ready.Select(entry => entry.Task)];
        }
    }

    public TaskState StateOf(StepTask task)
    {
        lock (gate)
        {
            return entries[task.Id].State;
        }
    }

    /// <summary>Whether the step is stored, with all its files if it runs for one of them.</summary>
    /// <exception cref="InvalidDataException">It is, and damaged.</exception>
    public bool IsStored(StepTask task) => RecordOf(entries[task.Id]) is not null;

    /// <summary>A waiting task has a place. Told again of a running one, changes nothing.</summary>
    /// <remarks>Others are told when the step itself says that it has begun: it may find another attempt at it, or at its judge.</remarks>
    /// <param name="threads">That it was given.</param>
    public void Started(StepTask task, int threads)
    {
        lock (gate)
        {
            TaskEntry entry = entries[task.Id];
            if (entry.State == TaskState.Waiting)
            {
                ready.Remove(entry);
                entry.State = TaskState.Running;
                entry.Attempts++;
                entry.Threads = threads;
            }
        }
    }

    /// <summary>A running task has lost its place and no attempt: it waits again.</summary>
    public void Postponed(StepTask task)
    {
        lock (gate)
        {
            TaskEntry entry = entries[task.Id];
            entry.Attempts--;
            Wait(entry);
        }
    }

    /// <summary>An attempt has failed, and there will be another: the task waits again.</summary>
    public void Retried(StepTask task, TaskFailure failure)
    {
        lock (gate)
        {
            TaskEntry entry = entries[task.Id];
            Forward(entry);
            journal.Retried(entry.Step, failure.Reason);
            Wait(entry);
        }
    }

    /// <summary>The step is stored, as an executor says.</summary>
    /// <returns>False where it is not: nothing has changed then.</returns>
    /// <exception cref="InvalidDataException">It is, and damaged.</exception>
    public bool Finished(StepTask task)
    {
        TaskEntry entry = entries[task.Id];
        if (RecordOf(entry) is not { } record)
        {
            return false;
        }

        lock (gate)
        {
            if (IsOpen(entry))
            {
                Forward(entry);
                End(entry, TaskState.Done);
                FailedTask.Forget(Directory, task.Id);
                disposal.Finished(entry.Step);
                journal.Finished(entry.Step, TimeSpan.FromSeconds(record.Seconds));
                foreach (TaskEntry dependent in entry.Dependents.Where(dependent => --dependent.WaitsFor == 0 && IsOpen(dependent)))
                {
                    ready.Add(dependent);
                }
            }
        }

        return true;
    }

    /// <summary>There will be no other attempt: why is kept in the study's folder, and what needs the task is skipped.</summary>
    public void Failed(StepTask task, TaskFailure failure)
    {
        lock (gate)
        {
            TaskEntry entry = entries[task.Id];
            if (IsOpen(entry))
            {
                Forward(entry);
                End(entry, TaskState.Failed);
                FailedTask known = new(task.Id, task.Label, entry.Attempts, failure);
                failed.Add(known);
                known.Keep(Directory);
                journal.Failed(entry.Step, new StepFailedException(entry.Step.Identity, task.Label, failure));
                Skip(entry, entry.Step);
            }
        }
    }

    /// <summary>Tells what running steps have written of their progress since the last call.</summary>
    internal void Forward()
    {
        lock (gate)
        {
            foreach (TaskEntry entry in entries.Values.Where(entry => entry.State == TaskState.Running))
            {
                Forward(entry);
            }
        }
    }

    /// <exception cref="TasksFailedException">Some are not done.</exception>
    internal void RequireDone()
    {
        if (failed.Count > 0)
        {
            throw new TasksFailedException(Directory, failed, entries.Values.Count(entry => entry.State == TaskState.Skipped));
        }
    }

    private static bool IsOpen(TaskEntry entry) => entry.State is TaskState.Waiting or TaskState.Running;

    private StepRecord? RecordOf(TaskEntry entry) => store.Find(entry.Step.Identity) is { } record
        && (entry.Step.State != StepState.ToRestore || record.Pruned.Length == 0) ? record : null;

    private void Wait(TaskEntry entry)
    {
        if (entry.State == TaskState.Running)
        {
            entry.State = TaskState.Waiting;
            ready.Add(entry);
        }
    }

    private void End(TaskEntry entry, TaskState state)
    {
        ready.Remove(entry);
        entry.State = state;
        left--;
    }

    private void Skip(TaskEntry failure, PlannedStep cause)
    {
        foreach (TaskEntry dependent in failure.Dependents.Where(IsOpen))
        {
            End(dependent, TaskState.Skipped);
            journal.Skipped(dependent.Step, cause);
            Skip(dependent, cause);
        }
    }

    private void Forward(TaskEntry entry)
    {
        foreach (RunEvent told in entry.Events.Read())
        {
            if (told.Kind == RunEventKind.StepStarted)
            {
                journal.Started(entry.Step, entry.Threads, told.Time);
            }
            else if (told.Kind == RunEventKind.StepProgress)
            {
                journal.Watched(entry.Step, new ProgressReport(told.Fraction ?? 0, told.Text, told.Metrics));
            }
        }
    }
}

/// <summary>A task with what a run knows of it.</summary>
internal sealed class TaskEntry(PlannedStep step, StepTask task, int order, EventTail events)
{
    public static IComparer<TaskEntry> HeaviestFirst { get; } = Comparer<TaskEntry>.Create(
        (a, b) => (-a.Step.RemainingPath, a.order).CompareTo((-b.Step.RemainingPath, b.order)));

    private readonly int order = order;

    public PlannedStep Step { get; } = step;

    public StepTask Task { get; } = task;

    public EventTail Events { get; } = events;

    public List<TaskEntry> Dependents { get; } = [];

    public TaskState State { get; set; }

    public int WaitsFor { get; set; } = task.Needs.Count;

    public int Attempts { get; set; }

    public int Threads { get; set; }
}
