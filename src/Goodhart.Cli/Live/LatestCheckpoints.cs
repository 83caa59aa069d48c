using Goodhart.Pipeline;

namespace Goodhart.Cli.Live;

/// <summary>KL, and win rate where there is one, of the checkpoints evaluated last.</summary>
internal sealed class LatestCheckpoints(int count) : IRunObserver
{
    private readonly Lock gate = new();
    private readonly Queue<(string Label, string Metrics)> latest = new();
    private readonly Dictionary<string, string> pending = new(StringComparer.Ordinal);

    public IReadOnlyList<(string Label, string Metrics)> Snapshot()
    {
        lock (gate)
        {
            return [.. latest.Reverse()];
        }
    }

    public void RunStarted(Plan plan)
    {
    }

    public void StepStarted(PlannedStep step, int threads)
    {
    }

    public void StepProgressed(PlannedStep step, ProgressReport report)
    {
        if (report.Metrics?.ContainsKey("kl/exact") == true)
        {
            lock (gate)
            {
                pending[step.Key] = MetricText.Of(report.Metrics);
            }
        }
    }

    public void StepFinished(PlannedStep step, TimeSpan elapsed)
    {
        lock (gate)
        {
            if (pending.Remove(step.Key, out string? metrics))
            {
                latest.Enqueue((step.Label, metrics));
                while (latest.Count > count)
                {
                    latest.Dequeue();
                }
            }
        }
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
