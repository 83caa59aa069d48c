using Goodhart.Evaluation.Divergence;
using Goodhart.Evaluation.Points;
using Goodhart.Evaluation.Statistics;
using static Goodhart.Evaluation.Claims.ClaimText;

namespace Goodhart.Evaluation.Claims;

/// <summary>Eq. (7): chosen responses may stand for the reference's own samples.</summary>
internal static class ForwardKlEstimateClaim
{
    private const int FewestRuns = 3;
    private const double Similar = 1.25;

    public static Claim? Decide(CheckpointGroup group, TestOptions options)
    {
        EvaluatedCheckpoint[][] runs = Runs.Of(group.Checkpoints.Where(c => ForwardKlReading.Of(c.Point) is not null));
        if (runs.Length < FewestRuns || Ratio(runs) is not { } ratio)
        {
            return null;
        }

        ConfidenceInterval interval = RunBootstrap.Interval(runs, Ratio, options, "claims/eq7");
        bool similar = interval.Low > 1 / Similar && interval.High < Similar;
        bool different = interval.High < 1 / Similar || interval.Low > Similar;
        ForwardKlReading[] readings = [.. runs.SelectMany(run => run).Select(c => ForwardKlReading.Of(c.Point)!)];
        int apart = readings.Count(reading => Math.Abs(reading.Z ?? 0) > 2);
        return new(
            $"eq7-is-forward-kl/{group.Name}",
            "The mean implicit reward of chosen responses is about minus the forward KL, eq. 7 (section 3.5).",
            "eq. 7 over the forward KL from the reference's samples: ratio of their means over checkpoints",
            ratio,
            Interval(interval, "bootstrap over runs"),
            similar ? Verdict.Supported : different ? Verdict.Contradicted : Verdict.Inconclusive,
            "supported: the 95 % interval of the ratio (bootstrap over runs) lies within 0.8 to 1.25; contradicted: it lies outside; else "
            + "inconclusive",
            Of($"eq. 7 {readings.Average(r => r.Eq7):0.00} nats, sampled {readings.Average(r => r.Sampled):0.00}; {apart} of ")
            + Of($"{readings.Length} checkpoints differ by more than two standard errors"));
    }

    private static double? Ratio(IEnumerable<EvaluatedCheckpoint[]> runs)
    {
        CheckpointPoint[] points = [.. runs.SelectMany(run => run).Select(c => c.Point)];
        double sampled = points.Average(p => p.ForwardKlSampled!.Value);
        return sampled > 0 ? points.Average(p => p.ForwardKl!.Value) / sampled : null;
    }
}
