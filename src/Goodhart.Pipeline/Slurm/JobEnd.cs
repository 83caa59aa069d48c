namespace Goodhart.Pipeline.Slurm;

/// <summary>How a job ended whose step is not stored.</summary>
internal enum JobEndKind
{
    /// <summary>Files may come later than Slurm's word.</summary>
    NotYetSure,

    /// <summary>Another attempt would end the same way.</summary>
    Failed,

    /// <summary>Of something that another attempt may not.</summary>
    Died,

    /// <summary>Its node saw nothing of the study's folder.</summary>
    Unshared,
}

/// <inheritdoc cref="JobEndKind"/>
internal sealed record JobEnd(JobEndKind Kind, TaskFailure Failure)
{
    /// <summary>Shared file systems may show a file of another host later than this only if something is wrong.</summary>
    private static readonly TimeSpan FilesAreLate = TimeSpan.FromSeconds(30);

    /// <param name="row">Its last word in the queue; null where Slurm has forgotten it.</param>
    /// <param name="since">How long ago its end was seen.</param>
    public static JobEnd Of(string id, SlurmJob? row, JobLog log, TimeSpan since)
    {
        TaskFailure Why(string reason) => new(reason, log.ExitCode, log.LastLines);
        JobEnd Failed(string reason) => new(JobEndKind.Failed, Why(reason));
        JobEnd Late(JobEndKind kind, string reason) => new(
            since < FilesAreLate && row?.Reason != SlurmJob.LaunchFailure ? JobEndKind.NotYetSure : kind, Why(reason));

        string where = row is { Node.Length: > 0 } ? $" on {row.Node}" : "";
        return (log.ExitCode, row?.State) switch
        {
            ((int)StepExit.Failed or (int)StepExit.BadInput, _) => Failed(log.LastLines.Count > 0
                ? log.LastLines[^1]
                : $"job {id}{where} ended with code {log.ExitCode}"),
            ((int)StepExit.Done, _) or (null, SlurmJob.Completed) => Late(
                JobEndKind.Failed, $"job {id}{where} ended well, and its step is not in the folder: does the node see another folder?"),
            (_, SlurmJob.Cancelled) => Failed($"job {id} was cancelled (by scancel, or by an administrator)"),
            (_, SlurmJob.TimedOut) => Failed($"job {id}{where} reached its time limit: raise slurm.time"),
            (_, SlurmJob.OutOfMemory) => Failed($"job {id}{where} took more memory than it asked for: raise slurm.memory"),
            (null, SlurmJob.Failed) when !log.Started => Late(
                JobEndKind.Unshared, $"Job {id}{where} failed before its first word, and its log is not in the study's folder."),
            ((int)StepExit.NotReady, _) => new JobEnd(
                JobEndKind.Died, Why($"job {id}{where} was not ready for minutes: another attempt held the step, or an input was missing")),
            ({ } code, _) => new JobEnd(JobEndKind.Died, TaskFailure.OfExit(code, log.LastLines)),
            _ => new JobEnd(JobEndKind.Died, Why($"job {id}{where} ended from outside ({row?.State ?? "Slurm has forgotten it"})")),
        };
    }
}
