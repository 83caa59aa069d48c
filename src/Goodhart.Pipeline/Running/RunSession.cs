using System.Diagnostics;

namespace Goodhart.Pipeline;

/// <summary>Executes the steps of one run and stores what they make.</summary>
internal sealed class RunSession(Runner runner, RunnerOptions options, ArtifactStore store, RunJournal journal, Disposal disposal)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(500);

    /// <exception cref="StepFailedException">Whatever the step threw; nothing of it is visible then.</exception>
    public async Task ExecuteAsync(PlannedStep planned, int threads, CancellationToken cancel)
    {
        try
        {
            cancel.ThrowIfCancellationRequested();
            journal.Started(planned, threads);
            TimeSpan elapsed = await ProduceAsync(planned, threads, cancel).ConfigureAwait(false);
            disposal.Finished(planned);
            journal.Finished(planned, elapsed);
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            throw;
        }
        catch (Exception cause)
        {
            StepFailedException failure = new(planned.Identity, planned.Label, cause);
            journal.Failed(planned, failure);
            throw failure;
        }
    }

    /// <summary>As <see cref="ExecuteAsync"/>, when no other process is at the step any more.</summary>
    /// <returns>False where another process has stored it.</returns>
    public async Task<bool> ExecuteInTurnAsync(PlannedStep planned, int threads, CancellationToken cancel)
    {
        while (true)
        {
            using Lease? lease = await TakeTurnAsync(planned, cancel).ConfigureAwait(false);
            if (lease is null)
            {
                disposal.Finished(planned);
                journal.Finished(planned, TimeSpan.FromSeconds(store.Find(planned.Identity)!.Seconds));
                return false;
            }

            store.RemovePartials(planned.Identity);
            using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancel, lease.Lost);
            try
            {
                await ExecuteAsync(planned, threads, stop.Token).ConfigureAwait(false);
                return true;
            }
            catch (OperationCanceledException) when (lease.Lost.IsCancellationRequested && !cancel.IsCancellationRequested)
            {
                // This process was suspended so long that another one took over: what that stores counts.
            }
        }
    }

    /// <summary>Waits for an attempt that another process makes.</summary>
    /// <returns>Null where the step is stored by then.</returns>
    private async Task<Lease?> TakeTurnAsync(PlannedStep planned, CancellationToken cancel)
    {
        while (true)
        {
            try
            {
                Lease taken = Lease.Take(store.FolderOf(planned.Identity));
                if (planned.Record is not null || store.Find(planned.Identity) is null)
                {
                    return taken;
                }

                taken.Dispose();
                return null;
            }
            catch (StepBusyException)
            {
                await Task.Delay(Patience, cancel).ConfigureAwait(false);
            }
        }
    }

    /// <summary>A step that ends well although it was told to stop is stored: its work is done.</summary>
    private async Task<TimeSpan> ProduceAsync(PlannedStep planned, int threads, CancellationToken cancel)
    {
        DateTimeOffset started = DateTimeOffset.UtcNow;
        long clock = Stopwatch.GetTimestamp();
        string partial = store.CreatePartial(planned.Identity);
        try
        {
            byte[] result = await ComputeAsync(planned, partial, threads, cancel).ConfigureAwait(false);
            TimeSpan elapsed = Stopwatch.GetElapsedTime(clock);
            StepRecord record = new()
            {
                Name = planned.Name,
                Hash = planned.Identity.Hash,
                Label = planned.Label,
                Started = started,
                Seconds = elapsed.TotalSeconds,
                Threads = threads,
                Machine = options.Machine,
                Files = [],
                Definition = runner.DefinitionOf(planned.Step),
            };
            store.Publish(planned.Identity, partial, result, record, remade: planned.Record is not null);
            return elapsed;
        }
        catch
        {
            RemoveQuietly(partial);
            throw;
        }
    }

    private async Task<byte[]> ComputeAsync(PlannedStep planned, string partial, int threads, CancellationToken cancel)
    {
        StepContext context = new(
            runner, planned, partial, threads, journal.ProgressOf(planned), metrics => journal.Measured(planned, metrics));
        try
        {
            return await planned.Step.ExecuteAsync(context, cancel).ConfigureAwait(false);
        }
        finally
        {
            context.Release();
        }
    }

    private static void RemoveQuietly(string partial)
    {
        try
        {
            Directory.Delete(partial, recursive: true);
        }
        catch (IOException)
        {
            // The next run removes it; what made the step fail matters more.
        }
    }
}
