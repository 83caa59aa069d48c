using Goodhart.Evaluation.Points;
using Goodhart.Evaluation.Statistics;

namespace Goodhart.Evaluation.Claims;

/// <summary>Resamples whole runs: checkpoints of one run are alike, so the run is the independent unit.</summary>
internal static class RunBootstrap
{
    /// <param name="statistic">Of the drawn runs; null where a draw has none, which tells nothing and is left out.</param>
    public static ConfidenceInterval Interval(
        EvaluatedCheckpoint[][] runs, Func<IEnumerable<EvaluatedCheckpoint[]>, double?> statistic, TestOptions options, string purpose)
    {
        double[] values = Bootstrap.Replicate(
            runs.Length,
            counts => statistic(runs.SelectMany((run, i) => Enumerable.Repeat(run, (int)counts[i]))) ?? double.NaN,
            options.Replicates,
            options.Seed,
            purpose);
        return Percentiles.Interval(values.Where(double.IsFinite), options.Level);
    }
}
