using System.Runtime.ExceptionServices;

namespace Goodhart.Pipeline;

/// <summary>Runs the steps of a plan: each after its inputs, several side by side, the longest remaining path first.</summary>
internal sealed class Scheduler
{
    private readonly Dictionary<PlannedStep, int> waitsFor = [];
    private readonly Dictionary<PlannedStep, List<PlannedStep>> dependents = [];
    private readonly PriorityQueue<PlannedStep, (double NegativePath, int Order)> ready = new();
    private readonly Dictionary<PlannedStep, int> order = [];
    private readonly List<RunningStep> running = [];
    private readonly int workers;
    private readonly int threads;

    public Scheduler(Plan plan, int workers, int threads)
    {
        this.workers = workers;
        this.threads = threads;
        foreach (PlannedStep step in plan.ToRun)
        {
            PlannedStep[] running = [.. step.Inputs.Where(input => input.Runs)];
            order.Add(step, order.Count);
            waitsFor.Add(step, running.Length);
            dependents.Add(step, []);
            Array.ForEach(running, input => dependents[input].Add(step));
        }

        foreach (PlannedStep step in order.Keys.Where(step => waitsFor[step] == 0))
        {
            MakeReady(step);
        }
    }

    /// <param name="execute">Runs one step on a given number of threads and stores its artifact.</param>
    /// <exception cref="StepFailedException">The first failure; what ran beside it was cancelled.</exception>
    public async Task RunAsync(Func<PlannedStep, int, CancellationToken, Task> execute, CancellationToken cancel)
    {
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        Exception? failure = null;
        while (true)
        {
            while (!stop.IsCancellationRequested && running.Count < workers && ready.TryDequeue(out PlannedStep? next, out _))
            {
                int threads = ThreadsOfNext();
                running.Add(new RunningStep(next, OnOwnThread(() => execute(next, threads, stop.Token))));
            }

            if (running.Count == 0)
            {
                break;
            }

            await Task.WhenAny(running.Select(step => step.Work)).ConfigureAwait(false);
            RunningStep ended = running.First(step => step.Work.IsCompleted);
            running.Remove(ended);
            if (ended.Work.IsCompletedSuccessfully)
            {
                Release(ended.Step);
                continue;
            }

            failure ??= ended.Work.Exception?.InnerException;   // null: it was cancelled
            await stop.CancelAsync().ConfigureAwait(false);
        }

        if (failure is not null)
        {
            ExceptionDispatchInfo.Throw(failure);
        }

        cancel.ThrowIfCancellationRequested();
    }

    /// <summary>All threads for a step with nothing beside it and nothing waiting: then nothing can become ready before it ends.</summary>
    private int ThreadsOfNext() => running.Count == 0 && ready.Count == 0 ? threads : Math.Max(1, threads / workers);

    private void MakeReady(PlannedStep step) => ready.Enqueue(step, (-step.RemainingPath, order[step]));

    private void Release(PlannedStep done)
    {
        foreach (PlannedStep dependent in dependents[done])
        {
            if (--waitsFor[dependent] == 0)
            {
                MakeReady(dependent);
            }
        }
    }

    /// <summary>Steps compute without yielding, so each gets a thread: the pool is left to whoever awaits.</summary>
    private static Task OnOwnThread(Func<Task> work) =>
        Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default).Unwrap();

    /// <summary>Known by itself, not by its task: steps that end at once may all have the runtime's one completed task.</summary>
    private sealed record RunningStep(PlannedStep Step, Task Work);
}
