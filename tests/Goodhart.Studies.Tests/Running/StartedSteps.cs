using Goodhart.Pipeline;

namespace Goodhart.Studies.Tests.Running;

/// <summary>Notes the steps that start, and may act at one of them.</summary>
/// <param name="at">Which start, counted from 1.</param>
internal sealed class StartedSteps(int at = 0, Action? action = null) : IRunObserver
{
    public List<string> Names { get; } = [];

    public void RunStarted(Plan plan)
    {
    }

    public void StepStarted(PlannedStep step, int threads)
    {
        Names.Add(step.Name);
        if (Names.Count == at)
        {
            action!();
        }
    }

    public void StepProgressed(PlannedStep step, ProgressReport report)
    {
    }

    public void StepFinished(PlannedStep step, TimeSpan elapsed)
    {
    }

    public void StepFailed(PlannedStep step, StepFailedException failure)
    {
    }

    public void StepRetried(PlannedStep step, string reason)
    {
    }

    public void StepSkipped(PlannedStep step, PlannedStep cause)
    {
    }
}
