namespace Goodhart.Pipeline.Tests;

/// <summary>Notes what the runner tells; calls come one at a time, as promised, so plain lists do.</summary>
public class Recorder : IRunObserver
{
    public List<string> Started { get; } = [];

    public List<string> Finished { get; } = [];

    public List<string> Failed { get; } = [];

    public List<int> Threads { get; } = [];

    public List<double> Progress { get; } = [];

    public Plan? Plan { get; private set; }

    public void RunStarted(Plan plan) => Plan = plan;

    public virtual void StepStarted(PlannedStep step, int threads)
    {
        Started.Add(step.Label);
        Threads.Add(threads);
    }

    public void StepProgressed(PlannedStep step, ProgressReport report) => Progress.Add(report.Fraction);

    public void StepFinished(PlannedStep step, TimeSpan elapsed) => Finished.Add(step.Label);

    public void StepFailed(PlannedStep step, StepFailedException failure) => Failed.Add(step.Label);

    public List<string> Retried { get; } = [];

    public List<string> Skipped { get; } = [];

    public void StepRetried(PlannedStep step, string reason) => Retried.Add($"{step.Label}: {reason}");

    public void StepSkipped(PlannedStep step, PlannedStep cause) => Skipped.Add($"{step.Label} needs {cause.Label}");
}
