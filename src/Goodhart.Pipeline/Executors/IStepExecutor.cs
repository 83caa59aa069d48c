namespace Goodhart.Pipeline;

/// <summary>Gets the tasks of a run done, on this machine or elsewhere.</summary>
public interface IStepExecutor
{
    /// <summary>Returns when every task is done, failed or skipped.</summary>
    /// <param name="run">The tasks; told what becomes of them. That a task fails is told and not thrown.</param>
    /// <param name="cancel">Asks to stop: what can end or keep its state does, then this throws.</param>
    /// <exception cref="OperationCanceledException">Cancelled; the same run later resumes.</exception>
    Task RunAsync(TaskRun run, CancellationToken cancel);
}

/// <summary>Steps as tasks of an executor, in place of the runner's own threads.</summary>
public sealed record TaskExecution(IStepExecutor Executor, TaskTemplate Template);

/// <summary>Where a task of a run is.</summary>
public enum TaskState
{
    /// <summary>For what it needs, or for a place.</summary>
    Waiting,

    Running,

    /// <summary>Its step is stored.</summary>
    Done,

    Failed,

    /// <summary>Something that it needs has failed.</summary>
    Skipped,
}
