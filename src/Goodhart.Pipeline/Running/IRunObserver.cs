namespace Goodhart.Pipeline;

/// <summary>Watches a run: the live table, plain log lines. Called from the threads of steps, one call at a time; must be quick.
/// One that throws is told of nothing any more, and the run goes on.</summary>
public interface IRunObserver
{
    void RunStarted(Plan plan);

    /// <param name="threads">Compute threads the step was given.</param>
    void StepStarted(PlannedStep step, int threads);

    void StepProgressed(PlannedStep step, ProgressReport report);

    void StepFinished(PlannedStep step, TimeSpan elapsed);

    /// <summary>Called at once, while other steps are still being stopped.</summary>
    void StepFailed(PlannedStep step, StepFailedException failure);

    /// <summary>An attempt has failed, and there will be another. Of steps in processes of their own.</summary>
    void StepRetried(PlannedStep step, string reason);

    /// <summary>Never starts, since a step that it needs has failed. Of steps in processes of their own.</summary>
    void StepSkipped(PlannedStep step, PlannedStep cause);
}
