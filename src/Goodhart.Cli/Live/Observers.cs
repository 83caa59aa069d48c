using Goodhart.Pipeline;

namespace Goodhart.Cli.Live;

/// <summary>Tells several observers the same.</summary>
internal sealed class Observers(params IReadOnlyList<IRunObserver> all) : IRunObserver
{
    public void RunStarted(Plan plan) => Tell(observer => observer.RunStarted(plan));

    public void StepStarted(PlannedStep step, int threads) => Tell(observer => observer.StepStarted(step, threads));

    public void StepProgressed(PlannedStep step, ProgressReport report) => Tell(observer => observer.StepProgressed(step, report));

    public void StepFinished(PlannedStep step, TimeSpan elapsed) => Tell(observer => observer.StepFinished(step, elapsed));

    public void StepFailed(PlannedStep step, StepFailedException failure) => Tell(observer => observer.StepFailed(step, failure));

    public void StepRetried(PlannedStep step, string reason) => Tell(observer => observer.StepRetried(step, reason));

    public void StepSkipped(PlannedStep step, PlannedStep cause) => Tell(observer => observer.StepSkipped(step, cause));

    private void Tell(Action<IRunObserver> message)
    {
        foreach (IRunObserver observer in all)
        {
            message(observer);
        }
    }
}
