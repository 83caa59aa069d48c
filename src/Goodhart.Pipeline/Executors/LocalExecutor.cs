namespace Goodhart.Pipeline;

/// <summary>What worker processes of this machine may take.</summary>
public sealed record LocalOptions
{
    /// <summary>The command of a worker; see <see cref="StepServer"/>.</summary>
    public required IReadOnlyList<string> Server { get; init; }

    /// <summary>Tasks side by side, at most.</summary>
    public required int Workers { get; init; }

    /// <summary>Compute threads of a task that has nothing beside it; others have what they declare.</summary>
    public required int Threads { get; init; }

    /// <summary>That tasks side by side may take; one by itself may take more.</summary>
    public required long MemoryBytes { get; init; }

    /// <summary>As CUDA_VISIBLE_DEVICES names them: tasks that need one get one each.</summary>
    public IReadOnlyList<string> Gpus { get; init; } = [];

    /// <summary>How often a step is tried again whose process died; one that fails by itself would fail again.</summary>
    public int Retries { get; init; } = 1;
}

/// <summary>Steps in worker processes of this machine: what kills one fails its step and no other.</summary>
public sealed class LocalExecutor(LocalOptions options) : IStepExecutor
{
    /// <summary>Before a step that was not ready is asked for again: another process is at it, or at its judge. It doubles.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(0.5);

    private static readonly TimeSpan MostPatience = TimeSpan.FromSeconds(16);

    /// <summary>Ctrl-C reaches the workers as soon as this process.</summary>
    private static readonly TimeSpan Simultaneous = TimeSpan.FromMilliseconds(300);

    /// <inheritdoc/>
    public async Task RunAsync(TaskRun run, CancellationToken cancel)
    {
        await using LocalWorkers workers = new(options, run.WorkingDirectory);
        Dictionary<string, int> deaths = new(StringComparer.Ordinal);
        Dictionary<string, DateTimeOffset> later = new(StringComparer.Ordinal);
        Dictionary<string, TimeSpan> patience = new(StringComparer.Ordinal);
        Dictionary<Task<StepReply?>, LocalAttempt> running = [];
        TaskCompletionSource asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
        using CancellationTokenRegistration stop = cancel.Register(() => asked.TrySetResult());
        bool told = false;
        while (!run.IsOver)
        {
            if (!cancel.IsCancellationRequested)
            {
                await StartAsync().ConfigureAwait(false);
            }
            else if (!told)
            {
                told = true;
                foreach (LocalAttempt attempt in running.Values)
                {
                    attempt.Worker.Stop();
                }
            }

            if (running.Count == 0)
            {
                cancel.ThrowIfCancellationRequested();
            }

            List<Task> awaited = [.. running.Keys];
            awaited.AddRange(told ? [] : [asked.Task]);
            awaited.AddRange(later.Count == 0 ? [] : [Task.Delay(Patience, CancellationToken.None)]);
            Task first = await Task.WhenAny(awaited).ConfigureAwait(false);
            if (first is Task<StepReply?> ended && running.Remove(ended, out LocalAttempt? past))
            {
                await EndedAsync(past, await ended.ConfigureAwait(false)).ConfigureAwait(false);
            }
        }

        async Task StartAsync()
        {
            foreach (string id in later.Where(entry => entry.Value <= DateTimeOffset.UtcNow).Select(entry => entry.Key).ToArray())
            {
                later.Remove(id);
            }

            StepTask[] ready = [.. run.Ready().Where(task => !later.ContainsKey(task.Id))];
            foreach (StepTask task in ready)
            {
                // With nothing beside it and nothing waiting, nothing can become ready before it ends.
                bool isAlone = running.Count == 0 && ready.Length == 1 && later.Count == 0;
                int threads = isAlone ? options.Threads : task.Resources.Threads;
                if (await workers.TryStartAsync(task, threads).ConfigureAwait(false) is { } attempt)
                {
                    run.Started(task, attempt.Threads);
                    running.Add(attempt.Worker.RunAsync(task.Id, attempt.Threads), attempt);
                }
            }
        }

        async Task EndedAsync(LocalAttempt attempt, StepReply? reply)
        {
            StepTask task = attempt.Task;
            IReadOnlyList<string> lines = attempt.Worker.LastLines;
            int code = reply?.Exit ?? attempt.Worker.ExitCode;
            StepExit meaning = TaskFailure.Meaning(code);
            await workers.ReleaseAsync(attempt, isAlive: reply is not null && meaning != StepExit.Interrupted).ConfigureAwait(false);
            if (meaning == StepExit.Interrupted && !cancel.IsCancellationRequested)
            {
                await Task.WhenAny(asked.Task, Task.Delay(Simultaneous, CancellationToken.None)).ConfigureAwait(false);
            }

            TaskFailure failure = reply?.Message is { } message
                ? new TaskFailure(message, code, lines)
                : TaskFailure.OfExit(code, lines);
            switch (meaning)
            {
                case StepExit.Failed or StepExit.BadInput:
                    run.Failed(task, failure);
                    break;
                case StepExit.NotReady:
                    TimeSpan wait = patience.GetValueOrDefault(task.Id, Patience);
                    patience[task.Id] = wait < MostPatience ? 2 * wait : wait;
                    later[task.Id] = DateTimeOffset.UtcNow + wait;
                    run.Postponed(task);
                    break;
                case StepExit.Interrupted when cancel.IsCancellationRequested:
                    run.Postponed(task);
                    break;
                default:
                    // A process may die when its step is stored already.
                    if (!run.Finished(task))
                    {
                        Again(task, failure);
                    }

                    break;
            }
        }

        void Again(StepTask task, TaskFailure failure)
        {
            deaths[task.Id] = deaths.GetValueOrDefault(task.Id) + 1;
            if (cancel.IsCancellationRequested)
            {
                run.Postponed(task);
            }
            else if (deaths[task.Id] <= options.Retries)
            {
                run.Retried(task, failure);
            }
            else
            {
                run.Failed(task, failure);
            }
        }
    }
}

/// <summary>A task that a worker is at, with the threads that it was given.</summary>
internal sealed record LocalAttempt(StepTask Task, LocalWorker Worker, int Threads);

/// <summary>The workers of one run, and what of the machine is free.</summary>
internal sealed class LocalWorkers(LocalOptions options, string directory) : IAsyncDisposable
{
    private readonly List<LocalWorker> idle = [];
    private readonly List<LocalAttempt> busy = [];

    /// <summary>Null: there is no room now.</summary>
    public async Task<LocalAttempt?> TryStartAsync(StepTask task, int threads)
    {
        string? gpu = task.Resources.Gpus == 0 ? null : options.Gpus.Except(busy.Select(attempt => attempt.Worker.Gpu)).FirstOrDefault();
        bool hasRoom = busy.Count < options.Workers
            && busy.Sum(attempt => attempt.Task.Resources.MemoryBytes) + task.Resources.MemoryBytes <= options.MemoryBytes
            && (task.Resources.Gpus == 0 || gpu is not null);
        if (!hasRoom && busy.Count > 0)
        {
            return null;
        }

        LocalWorker? worker = null;
        while (worker is null && idle.Find(candidate => candidate.Gpu == gpu) is { } kept)
        {
            idle.Remove(kept);
            if (kept.HasEnded)
            {
                await kept.DisposeAsync().ConfigureAwait(false);   // killed while it had nothing to do
            }
            else
            {
                worker = kept;
            }
        }

        LocalAttempt attempt = new(task, worker ?? new LocalWorker(options.Server, directory, gpu), threads);
        busy.Add(attempt);
        return attempt;
    }

    /// <summary>The attempt is over.</summary>
    /// <param name="isAlive">The worker is kept for the next one.</param>
    public async Task ReleaseAsync(LocalAttempt attempt, bool isAlive)
    {
        busy.Remove(attempt);
        if (isAlive)
        {
            idle.Add(attempt.Worker);
        }
        else
        {
            await attempt.Worker.DisposeAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Whoever is still at something is ended: it belongs to a run that has failed.</summary>
    public async ValueTask DisposeAsync()
    {
        busy.ForEach(attempt => attempt.Worker.Kill());
        foreach (LocalWorker worker in busy.Select(attempt => attempt.Worker).Concat(idle))
        {
            await worker.DisposeAsync().ConfigureAwait(false);
        }
    }
}
