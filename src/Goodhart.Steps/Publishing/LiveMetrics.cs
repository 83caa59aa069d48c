using Goodhart.Alignment.Logging;
using Goodhart.Pipeline;
using Goodhart.Steps.Training;

namespace Goodhart.Steps.Publishing;

/// <summary>metrics.jsonl and TensorBoard's file while a run goes on.</summary>
/// <remarks>
/// What finished steps have stored is the truth: a start writes both files anew from it, so that the lines of a part that was killed do not
/// stay; the end puts the lines in order.
/// </remarks>
public sealed class LiveMetrics(string directory) : IMetricsSink, IDisposable
{
    private readonly string path = Path.Combine(directory, MetricsFile.Name);
    private readonly Lock gate = new();
    private TensorBoardWriter? board;

    public void Start(IReadOnlyList<MetricRow> stored)
    {
        lock (gate)
        {
            board?.Dispose();   // of an earlier stretch of this run
            foreach (string old in Directory.EnumerateFiles(directory, "events.out.tfevents.*"))
            {
                File.Delete(old);
            }

            AtomicFile.WriteAllText(path, MetricsFile.Text(stored));
            board = TensorBoardWriter.Create(directory);
            foreach (MetricRow row in stored)
            {
                board.Write(row.Step, row.Values);
            }
        }
    }

    public void Write(MetricRow row)
    {
        lock (gate)
        {
            File.AppendAllText(path, MetricsFile.Line(row));
            board?.Write(row.Step, row.Values);
        }
    }

    public void Finish(IReadOnlyList<MetricRow> all)
    {
        lock (gate)
        {
            AtomicFile.WriteAllText(path, MetricsFile.Text(all));
        }
    }

    public void Dispose() => board?.Dispose();
}
