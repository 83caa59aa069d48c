using Goodhart.Evaluation.Points;
using Goodhart.Evaluation.Statistics;
using Goodhart.Text;
using static Goodhart.Evaluation.Claims.ClaimText;

namespace Goodhart.Evaluation.Claims;

/// <summary>The log-probs of chosen responses fall: the forward KL of Eq. (7), E[log π_ref/π] on chosen responses, is positive and grows
/// in the epoch.</summary>
internal static class ForwardKlClaim
{
    private const int FewestRuns = 2;

    public static Claim? Decide(CheckpointGroup group, TestOptions options)
    {
        EvaluatedCheckpoint[][] runs =
            [.. Runs.Of(group.Checkpoints.Where(c => c.Point.ForwardKl is not null)).Where(run => run.Length >= 2)];
        if (runs.Length < FewestRuns)
        {
            return null;
        }

        double end = runs.Average(run => run[^1].Point.ForwardKl!.Value);

        // All runs are measured on the same pairs, so their errors need not cancel: the mean error is the careful one.
        double error = runs.Average(run => run[^1].Point.ForwardKlSe ?? 0);
        double half = StandardNormal.Quantile(0.5 + (options.Level / 2)) * error;
        ConfidenceInterval interval = new(end - half, end + half, options.Level);
        double[] taus = [.. runs.Select(Growth)];
        ConfidenceInterval growth = Percentiles.Interval(
            Bootstrap.Replicate(
                taus.Length, counts => Bootstrap.WeightedMean(taus, counts), options.Replicates, options.Seed, "claims/forward-kl"),
            options.Level);
        bool falls = interval.Low > 0 && growth.Low > 0;
        bool rises = interval.High < 0 || growth.High < 0;
        return new(
            $"chosen-log-probs-fall/{group.Name}",
            "The log-probs of preferred responses fall during training: the forward KL of eq. 7 is positive and grows (section 3.5).",
            "forward KL (eq. 7) at the end of the epoch, mean over runs, in nats",
            end,
            Interval(interval, "normal, mean standard error of the runs (they share the pairs)"),
            falls ? Verdict.Supported : rises ? Verdict.Contradicted : Verdict.Inconclusive,
            "supported: the 95 % interval of the forward KL at the end lies above 0, and so does that of its growth, the mean over runs "
            + "of Kendall's τ with the fraction of the epoch (bootstrap over runs); contradicted: either lies below 0; else inconclusive",
            Of($"forward KL {end:0.00} ± {error:0.00} nats at the end; growth τ = {taus.Average():0.00}, 95 % [{growth.Low:0.00}, ")
            + Of($"{growth.High:0.00}] over {Quantity.Of(runs.Length, "run")}"));
    }

    // An order, not a difference: runs of small β move a hundred times as far as those of large β, and would drown them in a mean.
    private static double Growth(EvaluatedCheckpoint[] run) => Correlation.Kendall(
        [.. run.Select(c => c.Point.Fraction)], [.. run.Select(c => c.Point.ForwardKl!.Value)])?.Value ?? 0;
}
