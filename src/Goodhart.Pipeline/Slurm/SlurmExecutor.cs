namespace Goodhart.Pipeline.Slurm;

/// <summary>Steps as jobs of a Slurm cluster whose nodes share the study's folder.</summary>
/// <remarks>
/// Everything is submitted at once, as few arrays that wait for one another (<see cref="JobTable"/>), so the process that submits may go
/// away: the next one finds its jobs by their names and submits only what is missing. What is done is read from the steps' own files; a job
/// id of the past is never relied on, since Slurm counts a dependency on a job that it has forgotten as satisfied.
/// </remarks>
/// <param name="options">What jobs ask for.</param>
/// <param name="retries">Further attempts at a step whose job died of something that another attempt may not.</param>
/// <param name="note">Told how the jobs stand, a line each; null: nobody is.</param>
public sealed class SlurmExecutor(SlurmOptions options, int retries, Action<string>? note) : IStepExecutor
{
    /// <exception cref="SlurmException">Slurm cannot be called from here, or does not answer.</exception>
    /// <exception cref="InvalidDataException">Slurm refused a job, or the nodes do not share the study's folder.</exception>
    /// <inheritdoc/>
    public Task RunAsync(TaskRun run, CancellationToken cancel) => new SlurmSession(options, run, retries, note).RunAsync(cancel);

    /// <summary>Ends all jobs of a study, whoever submitted them.</summary>
    /// <param name="directory">The study's folder.</param>
    /// <returns>How many there were.</returns>
    /// <exception cref="SlurmException">Slurm does not answer.</exception>
    public static async Task<int> CancelAsync(string directory, CancellationToken cancel)
    {
        SlurmClient client = new();
        SlurmFolder folder = new(Path.GetFullPath(directory));
        IReadOnlyList<SlurmJob> jobs = await client.QueueAsync(folder.Prefix, cancel).ConfigureAwait(false)
            ?? throw new SlurmException(
                "squeue does not answer, so nothing is known of the study's jobs, and none was cancelled. Try again.");
        SlurmJob[] live = [.. jobs.Where(job => job.IsLive)];
        await client.CancelAsync([.. live.Select(job => job.JobId).Distinct()], cancel).ConfigureAwait(false);
        return live.Length;
    }

    /// <summary>The arrays that a run of these steps would submit, each after those that it waits for; asks nobody.</summary>
    public static IReadOnlyList<PlannedArray> Plan(SlurmOptions options, IReadOnlyList<StepTask> tasks)
    {
        IReadOnlyList<JobArray> arrays = JobTable.Of("", tasks, []);
        Dictionary<JobArray, int> numbers = new(ReferenceEqualityComparer.Instance);
        foreach (JobArray array in arrays)
        {
            numbers.Add(array, numbers.Count + 1);
        }

        return
        [
            .. arrays.Select(array => new PlannedArray(
                numbers[array],
                JobArray.KindOf(array.Members[0].Task),
                array.Members.Count,
                [.. array.Waits.Select(wait => numbers[wait.For])],
                array.Members.Sum(member => member.Task.Flops),
                array.Members.Max(member => member.Task.Flops),
                BatchScript.Megabytes(options, array),
                options.GpuCount(array.Members.Max(member => member.Task.Resources.Gpus)))),
        ];
    }
}

/// <summary>A row of the job table: one call of sbatch.</summary>
/// <param name="Kind">Of its steps.</param>
/// <param name="After">Numbers of the rows that it waits for.</param>
/// <param name="LargestFlops">Of one step.</param>
/// <param name="Megabytes">Memory of one step, MiB.</param>
/// <param name="Gpus">Of one step.</param>
public sealed record PlannedArray(
    int Number, string Kind, int Steps, IReadOnlyList<int> After, double Flops, double LargestFlops, long Megabytes, int Gpus);
