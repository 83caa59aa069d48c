namespace Goodhart.Steps.Training;

/// <summary>A line of metrics.jsonl.</summary>
/// <param name="Step">Updates done.</param>
/// <param name="Epoch">Passes over the data done.</param>
/// <param name="Values">By the names of docs/metrics.md.</param>
public sealed record MetricRow(int Step, double Epoch, IReadOnlyDictionary<string, double> Values);
