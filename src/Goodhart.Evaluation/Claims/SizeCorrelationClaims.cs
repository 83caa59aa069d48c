using Goodhart.Evaluation.Metrics;
using Goodhart.Evaluation.Points;
using Goodhart.Evaluation.Statistics;
using static Goodhart.Evaluation.Claims.ClaimText;

namespace Goodhart.Evaluation.Claims;

/// <summary>Where training statistics and win rate correlate over a whole loss, is it model size alone? (Simpson's paradox.)</summary>
internal static class SizeCorrelationClaims
{
    public static IEnumerable<Claim> DecideAll(IReadOnlyList<EvaluatedCheckpoint> checkpoints, TestOptions options) =>
        MetricAnalysis.OfStudy(checkpoints, options).SelectMany(
            analysis => new[] { PooledCorrelationClaims.Decide(analysis), Decide(analysis) })
            .OfType<Claim>();

    private static Claim? Decide(MetricAnalysis analysis)
    {
        if (analysis is not { Pooled: { Interval: { } pooled } all, Within: { Interval: { } within } inside, Simpson: { } simpson })
        {
            return null;
        }

        bool same = MetricAnalysis.Sign(pooled) != 0 && MetricAnalysis.Sign(pooled) == MetricAnalysis.Sign(within);
        string sizes = string.Join(", ", analysis.BySize.Select(size => Of($"{size.Key} {size.Value.Value:0.00}")));
        return new(
            $"{analysis.Metric}-correlates-by-size-only/{analysis.Loss}",
            "Where accuracy or loss correlates with win rate over all checkpoints (the paper: IPO, weakly), it is due to model size alone; "
            + "within a size there is nothing (section 3.4, figure 4).",
            $"Pearson's r between {analysis.Metric} and win rate over all sizes, and within sizes (each about its own mean)",
            all.Value,
            pooled,
            simpson == SimpsonVerdict.OnlyBetweenSizes ? Verdict.Supported : same ? Verdict.Contradicted : Verdict.Inconclusive,
            "supported: the pooled interval excludes 0, the within-size one contains it, and their difference excludes 0; "
                + "contradicted: both "
            + "exclude 0 on the same side; else inconclusive",
            Of($"pooled r = {all.Value:0.00} {pooled.Text("0.00")}, within sizes {inside.Value:0.00} {within.Text("0.00$")}; ")
                + Of($"by size {sizes}"));
    }
}
