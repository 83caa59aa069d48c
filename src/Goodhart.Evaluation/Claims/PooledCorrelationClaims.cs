using Goodhart.Evaluation.Fits;
using Goodhart.Evaluation.Metrics;
using static Goodhart.Evaluation.Claims.ClaimText;

namespace Goodhart.Evaluation.Claims;

/// <summary>Figure 4 as it is drawn, sizes mixed: DPO and SLiC show little to no correlation, IPO a weak one.</summary>
internal static class PooledCorrelationClaims
{
    private const double Negligible = 0.3;
    private const double Strong = 0.6;

    public static Claim? Decide(MetricAnalysis analysis) => analysis switch
    {
        { Pooled.Interval: not null, Loss: "dpo" or "slic" } => Little(analysis, analysis.Pooled, analysis.Pooled.Interval),
        { Pooled.Interval: not null, Loss: "ipo" } => Weak(analysis, analysis.Pooled, analysis.Pooled.Interval),
        _ => null,
    };

    private static Claim Little(MetricAnalysis analysis, MetricCorrelation pooled, FitInterval interval)
    {
        bool little = interval.Low > -Negligible && interval.High < Negligible;
        return Describe(
            analysis,
            pooled,
            $"little-{analysis.Metric}-correlation/{analysis.Loss}",
            "DPO and SLiC show little to no correlation of accuracy, and likewise of loss, with win rate (section 3.4, figure 4).",
            little ? Verdict.Supported : MetricAnalysis.Sign(interval) == 0 ? Verdict.Inconclusive : Verdict.Contradicted,
            Of($"supported: the 95 % interval (bootstrap over runs within sizes) lies within ±{Negligible}; contradicted: it does not, ")
                + "and excludes "
            + "0; else inconclusive");
    }

    private static Claim Weak(MetricAnalysis analysis, MetricCorrelation pooled, FitInterval interval)
    {
        // A lower loss is the better one: "positive" is then a negative r.
        double sign = analysis.Metric == RewardMetric.Loss.Name ? -1 : 1;
        (double low, double high) = sign > 0 ? (interval.Low, interval.High ?? 1) : (-(interval.High ?? 1), -interval.Low);
        string side = sign > 0 ? Of($"between 0 and {Strong}") : Of($"between −{Strong} and 0");
        return Describe(
            analysis,
            pooled,
            $"weak-{analysis.Metric}-correlation/{analysis.Loss}",
            "IPO shows a weak positive relation of accuracy, and likewise a weak one of loss, "
                + "with win rate over all sizes (section 3.4, figure 4).",
            low > 0 && high < Strong ? Verdict.Supported : high < 0 || low > Strong ? Verdict.Contradicted : Verdict.Inconclusive,
            $"supported: the 95 % interval (bootstrap over runs within sizes) lies {side}; contradicted: on the other side of 0, "
                + $"or beyond what is "
            + "weak; else inconclusive");
    }

    private static Claim Describe(
        MetricAnalysis analysis, MetricCorrelation pooled, string id, string paper, Verdict verdict, string rule) => new(
        id,
        paper,
        $"Pearson's r between {analysis.Metric} and win rate over the checkpoints of all sizes",
        pooled.Value,
        pooled.Interval,
        verdict,
        rule,
        Of($"r = {pooled.Value:0.00} {pooled.Interval!.Text("0.00")} over {pooled.Checkpoints} checkpoints of {pooled.Runs} runs"));
}
