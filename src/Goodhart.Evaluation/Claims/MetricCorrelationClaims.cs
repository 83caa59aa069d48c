using Goodhart.Evaluation.Points;
using Goodhart.Evaluation.Statistics;
using Goodhart.Text;
using static Goodhart.Evaluation.Claims.ClaimText;

namespace Goodhart.Evaluation.Claims;

/// <summary>Within one size, neither implicit-reward accuracy nor loss tells the win rate.</summary>
internal static class MetricCorrelationClaims
{
    private const int FewestRuns = 3;
    private const double Negligible = 0.3;

    public static IEnumerable<Claim?> DecideAll(CheckpointGroup group, TestOptions options) =>
    [
        Decide(group, "accuracy", "implicit-reward accuracy", point => point.Accuracy, options),
        Decide(group, "loss", "loss", point => point.LossValue, options),
    ];

    private static Claim? Decide(
        CheckpointGroup group, string name, string words, Func<CheckpointPoint, double?> metric, TestOptions options)
    {
        EvaluatedCheckpoint[][] runs = Runs.Of(group.Checkpoints.Where(c => metric(c.Point) is not null));
        if (runs.Length < FewestRuns || Pearson(runs, metric) is not { } correlation)
        {
            return null;
        }

        // Checkpoints of one run are alike, so runs are what is resampled. A resample of one run only may have no correlation: it tells
        // nothing.
        double[] values = Bootstrap.Replicate(
            runs.Length,
            counts => Pearson(runs.SelectMany((run, i) => Enumerable.Repeat(run, (int)counts[i])), metric)?.Value ?? double.NaN,
            options.Replicates,
            options.Seed,
            "claims/metric-correlation");
        ConfidenceInterval interval = Percentiles.Interval(values.Where(double.IsFinite), options.Level);
        bool none = interval.Low > -Negligible && interval.High < Negligible;
        return new(
            $"no-{name}-correlation/{group.Name}",
            $"Within a model size there is no discernible relation between {words} on held-out pairs and win rate (section 3.4, figure 4).",
            $"Pearson's r between {words} and win rate over checkpoints",
            correlation.Value,
            Interval(interval, "bootstrap over runs"),
            none ? Verdict.Supported : interval.Contains(0) ? Verdict.Inconclusive : Verdict.Contradicted,
            Of($"supported: the 95 % interval (bootstrap over runs) lies within ±{Negligible}; contradicted: it does not, and excludes ")
            + "0; else inconclusive",
            Of($"r = {correlation.Value:0.00}, 95 % [{interval.Low:0.00}, {interval.High:0.00}] over {correlation.Count} checkpoints of ")
            + Of($"{Quantity.Of(runs.Length, "run")}"));
    }

    private static Correlation? Pearson(IEnumerable<EvaluatedCheckpoint[]> runs, Func<CheckpointPoint, double?> metric)
    {
        EvaluatedCheckpoint[] points = [.. runs.SelectMany(run => run)];
        return Correlation.Pearson([.. points.Select(point => metric(point.Point)!.Value)], [.. points.Select(point => point.WinRate)]);
    }
}
