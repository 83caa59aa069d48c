using Goodhart.Pipeline;

namespace Goodhart.Cli.Live;

/// <summary>What is going on in a run, kept up to date by the runner and read by whoever shows it.</summary>
internal sealed class StudyBoard(TimeProvider time) : IRunObserver
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, RunningStep> running = new(StringComparer.Ordinal);
    private long started = time.GetTimestamp();
    private int total;
    private int cached;
    private int done;
    private int failed;
    private int skipped;
    private double costTotal;
    private double costDone;

    public void RunStarted(Plan plan)
    {
        lock (gate)
        {
            // A command may run one plan after another.
            started = time.GetTimestamp();
            running.Clear();
            (done, failed, skipped, costDone) = (0, 0, 0, 0);
            total = plan.ToRun.Count();
            cached = plan.Steps.Count(step => step.State == StepState.Cached);
            costTotal = plan.CostToRun;
        }
    }

    public void StepStarted(PlannedStep step, int threads)
    {
        lock (gate)
        {
            running[step.Key] = new RunningStep(step.Label, step.Step.EstimatedCost, new ProgressReport(0));
        }
    }

    public void StepProgressed(PlannedStep step, ProgressReport report)
    {
        lock (gate)
        {
            if (running.TryGetValue(step.Key, out RunningStep? known))
            {
                // A report without metrics leaves the latest ones in sight.
                running[step.Key] = known with { Report = report with { Metrics = report.Metrics ?? known.Report.Metrics } };
            }
        }
    }

    public void StepFinished(PlannedStep step, TimeSpan elapsed)
    {
        lock (gate)
        {
            running.Remove(step.Key);
            done++;
            costDone += step.Step.EstimatedCost;
        }
    }

    public void StepFailed(PlannedStep step, StepFailedException failure)
    {
        lock (gate)
        {
            running.Remove(step.Key);
            failed++;
        }
    }

    public void StepRetried(PlannedStep step, string reason)
    {
        lock (gate)
        {
            running.Remove(step.Key);
        }
    }

    public void StepSkipped(PlannedStep step, PlannedStep cause)
    {
        lock (gate)
        {
            skipped++;
        }
    }

    public BoardSnapshot Snapshot()
    {
        lock (gate)
        {
            TimeSpan elapsed = time.GetElapsedTime(started);
            double worked = costDone + running.Values.Sum(step => step.Cost * step.Report.Fraction);
            return new BoardSnapshot(
                [.. running.Values], done, cached, total, failed, skipped, elapsed, TimeLeft.Of(elapsed, worked, costTotal));
        }
    }
}

/// <param name="Cost">In the unit of the plan.</param>
/// <param name="Report">The latest.</param>
internal sealed record RunningStep(string Label, double Cost, ProgressReport Report);

/// <param name="Total">Steps that this run had to do; <paramref name="Cached"/> ones come on top.</param>
/// <param name="Left">Null as long as there is nothing to judge by.</param>
internal sealed record BoardSnapshot(
    IReadOnlyList<RunningStep> Running, int Done, int Cached, int Total, int Failed, int Skipped, TimeSpan Elapsed, TimeSpan? Left);
