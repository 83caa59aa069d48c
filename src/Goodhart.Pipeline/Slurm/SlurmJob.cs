namespace Goodhart.Pipeline.Slurm;

/// <summary>A job, or a task of an array, as the queue shows it.</summary>
/// <param name="JobId">Of the whole array, where it is a task of one.</param>
/// <param name="Index">Of an array's task; null for a job alone.</param>
/// <param name="Name">That it was submitted under.</param>
/// <param name="State">Slurm's word in full: PENDING, RUNNING, FAILED, ...</param>
/// <param name="Reason">Why it waits or ended.</param>
/// <param name="Node">Where it runs or ran; empty before.</param>
internal sealed record SlurmJob(string JobId, int? Index, string Name, string State, string Reason, string Node)
{
    public const string Completed = "COMPLETED";
    public const string Cancelled = "CANCELLED";
    public const string Failed = "FAILED";
    public const string TimedOut = "TIMEOUT";
    public const string OutOfMemory = "OUT_OF_MEMORY";

    /// <summary>Reason of a job that was cancelled since what it waited for has failed.</summary>
    public const string WaitedInVain = "DependencyNeverSatisfied";

    /// <summary>Reason of a job that could not even open its log, among others.</summary>
    public const string LaunchFailure = "JobLaunchFailure";

    /// <summary>Of a job that will not run again by itself. A state that is not known here is taken for a living one.</summary>
    private static readonly string[] Ends =
        [Completed, Cancelled, Failed, TimedOut, OutOfMemory, "NODE_FAIL", "BOOT_FAIL", "DEADLINE", "PREEMPTED", "REVOKED"];

    /// <summary>How many are in each state.</summary>
    public static string Summary(IReadOnlyList<SlurmJob> jobs) => string.Join(
        ' ', jobs.GroupBy(job => job.State).Select(state => $"{state.Key} {state.Count()}").Order(StringComparer.Ordinal));

    public bool IsLive => !Ends.Contains(State);

    public bool IsRunning => State is "RUNNING" or "COMPLETING" or "STAGE_OUT" or "SUSPENDED";

    /// <summary>As its log and Slurm's commands name it.</summary>
    public string Id => Index is { } index ? FormattableString.Invariant($"{JobId}_{index}") : JobId;
}
