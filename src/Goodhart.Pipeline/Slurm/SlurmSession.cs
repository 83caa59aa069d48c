using System.Globalization;

namespace Goodhart.Pipeline.Slurm;

/// <summary>One run on the cluster: finds what is in the queue, submits what is missing, and watches until all is over.</summary>
internal sealed class SlurmSession
{
    private static readonly TimeSpan ShortestPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(15);

    /// <summary>How long Slurm may be silent before the first job is submitted; once there are some, as long as it likes.</summary>
    private static readonly TimeSpan Silence = TimeSpan.FromMinutes(3);

    private readonly SlurmOptions options;
    private readonly TaskRun run;
    private readonly int retries;
    private readonly Action<string>? note;
    private readonly SlurmClient client = new();
    private readonly SlurmFolder folder;
    private readonly Dictionary<string, StepTask> tasks;

    /// <summary>The job of each step that has one, as far as its end is not dealt with.</summary>
    private readonly Dictionary<string, (JobArray Array, JobMember Member)> jobs = [];

    /// <summary>When the end of a job was first seen whose step is not stored.</summary>
    private readonly Dictionary<string, DateTime> ended = [];

    private readonly Dictionary<string, int> deaths = [];
    private readonly Orphans orphans;
    private string? lastNote;

    public SlurmSession(SlurmOptions options, TaskRun run, int retries, Action<string>? note)
    {
        (this.options, this.run, this.retries, this.note) = (options, run, retries, note);
        folder = new SlurmFolder(run.Directory);
        tasks = run.Tasks.ToDictionary(task => task.Id);
        orphans = new Orphans(client, Tell);
    }

    public async Task RunAsync(CancellationToken cancel)
    {
        IReadOnlyList<SlurmJob>? queue = await FirstQueueAsync(cancel).ConfigureAwait(false);
        Adopt(folder.Find([.. queue.Where(job => job.IsLive)], tasks));
        if (jobs.Count > 0)
        {
            Tell($"slurm: {jobs.Count} steps of an earlier call are in the queue.");
        }

        TimeSpan pause = ShortestPause;
        string before = "";
        try
        {
            while (true)
            {
                if (queue is null)
                {
                    Tell("slurm: squeue does not answer; the jobs go on, and it is asked again.");
                }
                else
                {
                    await UpdateAsync(queue, cancel).ConfigureAwait(false);
                    await orphans.CancelAsync(queue, cancel).ConfigureAwait(false);
                    await SubmitAsync(queue, cancel).ConfigureAwait(false);
                }

                if (run.IsOver)
                {
                    return;
                }

                string now = SlurmJob.Summary(queue ?? []);
                pause = now != before ? ShortestPause : TimeSpan.FromTicks(Math.Min(pause.Ticks * 3 / 2, LongestPause.Ticks));
                before = now;
                await Task.Delay(pause, cancel).ConfigureAwait(false);
                queue = await client.QueueAsync(folder.Prefix, cancel).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (jobs.Count > 0)
        {
            Tell($"slurm: the jobs go on without this process. The same command finds them; `goodhart cancel {run.Directory}` ends them.");
            throw;
        }
    }

    private async Task<IReadOnlyList<SlurmJob>> FirstQueueAsync(CancellationToken cancel)
    {
        DateTime end = DateTime.UtcNow + Silence;
        while (true)
        {
            if (await client.QueueAsync(folder.Prefix, cancel).ConfigureAwait(false) is { } queue)
            {
                return queue;
            }

            if (DateTime.UtcNow > end)
            {
                throw new SlurmException(
                    $"squeue has not answered for {Silence.TotalMinutes:0} minutes: nothing is known of the study's jobs, so none was "
                    + "submitted. Try again when Slurm is up.");
            }

            Tell("slurm: squeue does not answer; it is asked again.");
            await Task.Delay(LongestPause / 3, cancel).ConfigureAwait(false);
        }
    }

    private void Adopt(IEnumerable<JobArray> arrays)
    {
        foreach (JobArray array in arrays)
        {
            foreach (JobMember member in array.Members)
            {
                jobs[member.Task.Id] = (array, member);
            }
        }
    }

    /// <summary>Tells the run what has become of its steps.</summary>
    private async Task UpdateAsync(IReadOnlyList<SlurmJob> queue, CancellationToken cancel)
    {
        Dictionary<string, SlurmJob> rows = queue.GroupBy(row => row.Id).ToDictionary(same => same.Key, same => same.Last());

        foreach (StepTask task in run.Tasks.Where(task => jobs.ContainsKey(task.Id) && IsOpen(task)))
        {
            (JobArray array, JobMember member) = jobs[task.Id];
            SlurmJob? row = rows.GetValueOrDefault(array.IdOf(member));
            if (row is { IsLive: true })
            {
                ended.Remove(task.Id);   // it was only out of sight
                if (row.IsRunning)
                {
                    run.Started(task, task.Resources.Threads);
                }

                continue;
            }

            if (run.IsStored(task))
            {
                run.Started(task, task.Resources.Threads);
                run.Finished(task);
                jobs.Remove(task.Id);
                continue;
            }

            bool unmet = task.Needs.Any(need => run.StateOf(tasks[need]) != TaskState.Done);
            if (unmet && !task.Needs.All(need => IsDoneOrLive(need, rows)))
            {
                continue;   // ended since a need has: what becomes of that is decided first, and takes this one along
            }

            if (row is { State: SlurmJob.Cancelled, Reason: SlurmJob.WaitedInVain })
            {
                jobs.Remove(task.Id);   // for an earlier attempt at a need, which has another one by now
                continue;
            }

            JobEnd end = JobEnd.Of(array.IdOf(member), row, JobLog.Read(folder.LogOf(array, member), array.IdOf(member)), Since(task));
            switch (end.Kind)
            {
                case JobEndKind.NotYetSure:
                    continue;
                case JobEndKind.Unshared:
                    string cancelled = await orphans.CancelAllAsync(queue, run.Directory, cancel).ConfigureAwait(false);
                    throw new InvalidDataException(
                        $"{end.Failure.Reason} Is {run.Directory} on a file system that the nodes share with this host? {cancelled}");
                case JobEndKind.Died when deaths.GetValueOrDefault(task.Id) < retries:
                    deaths[task.Id] = deaths.GetValueOrDefault(task.Id) + 1;
                    run.Started(task, task.Resources.Threads);
                    run.Retried(task, end.Failure);
                    orphans.Add(Forget(task, rows));
                    break;
                default:
                    run.Started(task, task.Resources.Threads);
                    run.Failed(task, end.Failure);
                    jobs.Remove(task.Id);
                    break;
            }
        }
    }

    /// <summary>How long ago this end of a step's job was first seen: files may show on this host later than Slurm knows.</summary>
    private TimeSpan Since(StepTask task)
    {
        ended.TryAdd(task.Id, DateTime.UtcNow);
        return DateTime.UtcNow - ended[task.Id];
    }

    /// <summary>The jobs of a step and of all that wait for it: they wait for a job that is dead, and will never start.</summary>
    /// <returns>Ids of those that are in the queue.</returns>
    private List<string> Forget(StepTask task, Dictionary<string, SlurmJob> rows)
    {
        List<string> queued = [];
        HashSet<string> waiting = [task.Id];
        foreach (StepTask later in run.Tasks.Where(later => later == task || later.Needs.Any(waiting.Contains)))
        {
            waiting.Add(later.Id);
            ended.Remove(later.Id);
            if (jobs.Remove(later.Id, out (JobArray Array, JobMember Member) job)
                && rows.GetValueOrDefault(job.Array.IdOf(job.Member)) is { IsLive: true } row)
            {
                queued.Add(row.Id);
            }
        }

        return queued;
    }

    private bool IsOpen(StepTask task) => run.StateOf(task) is TaskState.Waiting or TaskState.Running;

    private bool IsDoneOrLive(string need, Dictionary<string, SlurmJob> rows) => run.StateOf(tasks[need]) == TaskState.Done
        || (jobs.TryGetValue(need, out (JobArray Array, JobMember Member) job)
            && rows.GetValueOrDefault(job.Array.IdOf(job.Member)) is { IsLive: true });

    private async Task SubmitAsync(IReadOnlyList<SlurmJob> queue, CancellationToken cancel)
    {
        // Only what this run counts as a job of its own: others of a step may have been cancelled this moment.
        IReadOnlyList<JobArray> live = folder.Find(
            [.. queue.Where(job => job.IsLive)], tasks.Where(task => jobs.ContainsKey(task.Key)).ToDictionary());
        HashSet<string> coming = [.. live.SelectMany(array => array.Members).Select(member => member.Task.Id)];
        List<StepTask> missing = [];
        foreach (StepTask task in run.Tasks.Where(task => !jobs.ContainsKey(task.Id) && run.StateOf(task) == TaskState.Waiting))
        {
            if (task.Needs.All(need => coming.Contains(need) || run.StateOf(tasks[need]) == TaskState.Done))
            {
                missing.Add(task);
                coming.Add(task.Id);
            }
        }

        if (missing.Count == 0)
        {
            return;
        }

        int submitted = 0;
        IReadOnlyList<JobArray> arrays = JobTable.Of(folder.Prefix, missing, live);
        foreach (JobArray array in arrays)
        {
            if (!await SubmitAsync(array, cancel).ConfigureAwait(false))
            {
                return;
            }

            submitted += array.Members.Count;
            Adopt([array]);
        }

        Tell(string.Create(CultureInfo.InvariantCulture, $"slurm: {submitted} steps submitted in {arrays.Count} jobs, {folder.Prefix}…"));
    }

    /// <returns>False where it is to be tried again later.</returns>
    private async Task<bool> SubmitAsync(JobArray array, CancellationToken cancel)
    {
        folder.Write(array);
        string[] dependency = array.Waits.Count == 0
            ? []
            : [$"--dependency={string.Join(',', array.Waits.Select(wait => wait.Text))}"];
        try
        {
            array.JobId = await client.SubmitAsync(
                [.. BatchScript.Options(options, folder, array, run.WorkingDirectory), .. dependency],
                BatchScript.Text(array, run.Directory, run.WorkingDirectory),
                cancel).ConfigureAwait(false);
            return true;
        }
        catch (SlurmException refusal) when (!refusal.IsMissing)
        {
            // An answer that was lost on its way leaves a job behind, which its name shows.
            IReadOnlyList<SlurmJob>? queue = await client.QueueAsync(array.Name, cancel).ConfigureAwait(false);
            if (queue?.FirstOrDefault(job => job.IsLive && !orphans.Has(job)) is { } found)
            {
                array.JobId = found.JobId;
                return true;
            }

            // Where a limit is the reason, the jobs that there are make room when they end; without any, waiting would be for ever.
            if (queue is null || refusal.IsForNow || (refusal.IsLimit && jobs.Count > 0))
            {
                Tell($"slurm: {refusal.Message} It is tried again.");
                return false;
            }

            throw new InvalidDataException($"{refusal.Message}\nNothing else is submitted; what was runs on.", refusal);
        }
    }

    private void Tell(string line)
    {
        if (line != lastNote)
        {
            note?.Invoke(line);
            lastNote = line;
        }
    }
}
