using Goodhart.Evaluation.Fits;

namespace Goodhart.Evaluation.Metrics;

/// <summary>A correlation of a training statistic with the win rate, over checkpoints.</summary>
/// <param name="Value">Pearson's r.</param>
/// <param name="Interval">Bootstrap over runs, within sizes where there are several; null where too few draws have a correlation.</param>
public sealed record MetricCorrelation(double Value, FitInterval? Interval, int Checkpoints, int Runs);
