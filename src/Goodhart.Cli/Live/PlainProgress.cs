using System.Globalization;
using Goodhart.Pipeline;
using Goodhart.Text;

namespace Goodhart.Cli.Live;

/// <summary>A timestamped line for each finished step: for logs and pipes.</summary>
internal sealed class PlainProgress(TextWriter writer, StudyBoard board, TimeProvider time) : IRunObserver
{
    private readonly Dictionary<string, IReadOnlyDictionary<string, double>> metrics = new(StringComparer.Ordinal);

    public void RunStarted(Plan plan)
    {
        BoardSnapshot now = board.Snapshot();
        Line($"{Quantity.Of(now.Total, "step")} to run{(now.Cached > 0 ? $", {now.Cached} done already" : "")}");
    }

    public void StepStarted(PlannedStep step, int threads)
    {
    }

    public void StepProgressed(PlannedStep step, ProgressReport report)
    {
        if (report.Metrics is { } latest)
        {
            metrics[step.Key] = latest;
        }
    }

    public void StepFinished(PlannedStep step, TimeSpan elapsed)
    {
        metrics.Remove(step.Key, out IReadOnlyDictionary<string, double>? last);
        BoardSnapshot now = board.Snapshot();
        string left = now.Left is { } time && now.Done < now.Total ? $", about {TimeLeft.Text(time)} left" : "";
        string measured = MetricText.Of(last);
        Line($"[{now.Done}/{now.Total}] {step.Label}, {TimeLeft.Text(elapsed)}{(measured.Length > 0 ? $": {measured}" : "")}{left}");
    }

    public void StepFailed(PlannedStep step, StepFailedException failure) => Line($"failed: {step.Label}");

    public void StepRetried(PlannedStep step, string reason) => Line($"again: {step.Label}: {reason}");

    public void StepSkipped(PlannedStep step, PlannedStep cause) => Line($"skipped: {step.Label}, which needs {cause.Label}");

    private void Line(string text) =>
        writer.WriteLine($"{time.GetUtcNow().ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture)} {text}");
}
