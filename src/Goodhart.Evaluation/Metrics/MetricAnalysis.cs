using Goodhart.Evaluation.Fits;
using Goodhart.Evaluation.Points;
using Goodhart.Evaluation.Statistics;

namespace Goodhart.Evaluation.Metrics;

/// <summary>Section 3.4 for one loss and statistic: an element of results.json's correlations.</summary>
/// <param name="Metric">accuracy or loss.</param>
/// <param name="BySize">One per model.</param>
/// <param name="Within">Over all sizes, each about its own mean; null where there is one size.</param>
/// <param name="Pooled">Over all checkpoints, sizes mixed; null where there is one size.</param>
/// <param name="Difference">Pooled minus within.</param>
/// <param name="Simpson">Null where there is one size.</param>
public sealed record MetricAnalysis(
    string Metric,
    string Loss,
    IReadOnlyDictionary<string, MetricCorrelation> BySize,
    MetricCorrelation? Within,
    MetricCorrelation? Pooled,
    FitInterval? Difference,
    SimpsonVerdict? Simpson)
{
    /// <summary>How <see cref="Simpson"/> follows; shown beside it.</summary>
    public const string Rule =
        "95 % intervals by bootstrap over runs within sizes. reversed: pooled and within-size intervals exclude 0 on opposite sides; "
        + "only between sizes: the pooled interval excludes 0, the within-size one does not, and that of their difference does; "
        + "hidden by pooling: the within-size interval excludes 0, the pooled one does not, and that of their difference does; else none";

    private const int FewestRuns = 3;
    private const string Method = "bootstrap over runs";

    /// <summary>Every loss and statistic that a study has values for. Seeds count as runs.</summary>
    public static IReadOnlyList<MetricAnalysis> OfStudy(IReadOnlyList<EvaluatedCheckpoint> checkpoints, TestOptions options) =>
    [
        .. from metric in RewardMetric.All
           from loss in checkpoints.Where(c => !c.IsSft).GroupBy(c => c.Point.Loss)
           let analysis = Of(metric, loss.Key, [.. loss.Where(c => metric.Value(c.Point) is not null)], options)
           where analysis is not null
           select analysis,
    ];

    private static MetricAnalysis? Of(RewardMetric metric, string loss, EvaluatedCheckpoint[] checkpoints, TestOptions options)
    {
        SizedRuns[] sizes = [.. SizedRuns.Of(checkpoints, metric.Value).Where(size => size.Runs.Length >= FewestRuns)];
        if (sizes.Length == 0)
        {
            return null;
        }

        Dictionary<string, MetricCorrelation> bySize = [];
        foreach (SizedRuns size in sizes)
        {
            if (Estimate([size], Pool, options) is { } one)
            {
                bySize[size.Model] = one;
            }
        }

        MetricCorrelation? within = sizes.Length < 2 ? null : Estimate(sizes, Centre, options);
        MetricCorrelation? pooled = sizes.Length < 2 ? null : Estimate(sizes, Pool, options);
        FitInterval? difference = within is null || pooled is null
            ? null
            : Interval(SizedRuns.Replicate(sizes, drawn => Pool(drawn) - Centre(drawn), options), options);
        return new(metric.Name, loss, bySize, within, pooled, difference, Simpsons(pooled?.Interval, within?.Interval, difference));
    }

    internal static SimpsonVerdict? Simpsons(FitInterval? pooled, FitInterval? within, FitInterval? difference)
    {
        if (pooled is null || within is null || difference is null)
        {
            return null;
        }

        (int pooledSign, int withinSign, bool differ) = (Sign(pooled), Sign(within), Sign(difference) != 0);
        return pooledSign * withinSign < 0 ? SimpsonVerdict.Reversed
            : pooledSign != 0 && withinSign == 0 && differ ? SimpsonVerdict.OnlyBetweenSizes
            : pooledSign == 0 && withinSign != 0 && differ ? SimpsonVerdict.HiddenByPooling
            : SimpsonVerdict.None;
    }

    /// <summary>The side of 0 an interval lies on; 0 where it contains it.</summary>
    internal static int Sign(FitInterval interval) => interval.Low > 0 ? 1 : interval.High < 0 ? -1 : 0;

    private static MetricCorrelation? Estimate(SizedRuns[] sizes, Func<PairMoments[], double?> statistic, TestOptions options) =>
        statistic([.. sizes.Select(size => size.Whole)]) is { } value
            ? new(
                value,
                Interval(SizedRuns.Replicate(sizes, statistic, options), options),
                (int)sizes.Sum(size => size.Whole.Count),
                sizes.Sum(size => size.Runs.Length))
            : null;

    private static FitInterval? Interval(double[] values, TestOptions options)
    {
        double[] finite = [.. values.Where(double.IsFinite)];
        return finite.Length < values.Length / 2 ? null : FitInterval.From(Percentiles.Interval(finite, options.Level), Method);
    }

    private static double? Pool(PairMoments[] sizes) => sizes.Aggregate((a, b) => a + b).Correlation();

    private static double? Centre(PairMoments[] sizes) => sizes.Select(size => size.Centred()).Aggregate((a, b) => a + b).Correlation();
}
