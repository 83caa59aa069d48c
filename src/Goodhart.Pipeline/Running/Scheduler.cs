using System.Runtime.ExceptionServices;

namespace Goodhart.Pipeline;

/// <summary>Runs the steps of a plan: each after its inputs, several side by side, the longest remaining path first.</summary>
internal sealed class Scheduler
{
    private readonly Dictionary<PlannedStep, int> _waitsFor = [];
    private readonly Dictionary<PlannedStep, List<PlannedStep>> _dependents = [];
    private readonly PriorityQueue<PlannedStep, (double NegativePath, int Order)> _ready = new();
    private readonly Dictionary<PlannedStep, int> _order = [];
    private readonly Dictionary<Task, PlannedStep> _running = [];
    private readonly int _workers;
    private readonly int _threads;

    public Scheduler(Plan plan, int workers, int threads)
    {
        _workers = workers;
        _threads = threads;
        foreach (PlannedStep step in plan.ToRun)
        {
            PlannedStep[] running = [.. step.Inputs.Where(input => input.Runs)];
            _order.Add(step, _order.Count);
            _waitsFor.Add(step, running.Length);
            _dependents.Add(step, []);
            Array.ForEach(running, input => _dependents[input].Add(step));
        }

        foreach (PlannedStep step in _order.Keys.Where(step => _waitsFor[step] == 0))
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
            while (!stop.IsCancellationRequested && _running.Count < _workers && _ready.TryDequeue(out PlannedStep? next, out _))
            {
                int threads = ThreadsOfNext();
                _running.Add(OnOwnThread(() => execute(next, threads, stop.Token)), next);
            }

            if (_running.Count == 0)
            {
                break;
            }

            Task ended = await Task.WhenAny(_running.Keys).ConfigureAwait(false);
            _running.Remove(ended, out PlannedStep? step);
            if (ended.IsCompletedSuccessfully)
            {
                Release(step!);
                continue;
            }

            failure ??= ended.Exception?.InnerException;   // null: it was cancelled
            await stop.CancelAsync().ConfigureAwait(false);
        }

        if (failure is not null)
        {
            ExceptionDispatchInfo.Throw(failure);
        }

        cancel.ThrowIfCancellationRequested();
    }

    /// <summary>All threads for a step with nothing beside it and nothing waiting: then nothing can become ready before it ends.</summary>
    private int ThreadsOfNext() => _running.Count == 0 && _ready.Count == 0 ? _threads : Math.Max(1, _threads / _workers);

    private void MakeReady(PlannedStep step) => _ready.Enqueue(step, (-step.RemainingPath, _order[step]));

    private void Release(PlannedStep done)
    {
        foreach (PlannedStep dependent in _dependents[done])
        {
            if (--_waitsFor[dependent] == 0)
            {
                MakeReady(dependent);
            }
        }
    }

    /// <summary>Steps compute without yielding, so each gets a thread: the pool is left to whoever awaits.</summary>
    private static Task OnOwnThread(Func<Task> work) =>
        Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default).Unwrap();
}
