namespace Goodhart.Pipeline;

/// <summary>Watches a run: the live table, plain log lines. Called from the threads of steps, one call at a time; must be quick.</summary>
public interface IRunObserver
{
    void RunStarted(Plan plan);

    /// <param name="threads">Compute threads the step was given.</param>
    void StepStarted(PlannedStep step, int threads);

    void StepProgressed(PlannedStep step, ProgressReport report);

    void StepFinished(PlannedStep step, TimeSpan elapsed);

    /// <summary>Called at once, while other steps are still being stopped.</summary>
    void StepFailed(PlannedStep step, StepFailedException failure);
}
