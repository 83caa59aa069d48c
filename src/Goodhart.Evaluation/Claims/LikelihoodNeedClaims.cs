using Goodhart.Evaluation.Points;
using Goodhart.Evaluation.Statistics;
using static Goodhart.Evaluation.Claims.ClaimText;

namespace Goodhart.Evaluation.Claims;

/// <summary>Falling log-probs of chosen responses are no problem in themselves, and there is no improvement without them.</summary>
internal static class LikelihoodNeedClaims
{
    private const string Statistic = "forward KL of eq. 7, nats";

    /// <param name="group">Seeds averaged; with a win rate.</param>
    public static IEnumerable<Claim?> DecideAll(CheckpointGroup group, TestOptions options)
    {
        EvaluatedCheckpoint[] measured = [.. group.Checkpoints.Where(c => c.Point is { ForwardKl: not null, ForwardKlSe: > 0 })];
        if (group.Sft is not { } sft || measured.Length == 0)
        {
            yield break;
        }

        EvaluatedCheckpoint[] improved = [.. measured.Where(c => Beats(c, sft, measured.Length, options))];
        yield return Harmless(group, measured.MaxBy(c => c.WinRate)!, improved, options);
        yield return Needed(group, measured.Length, improved, options);
    }

    private static Claim Harmless(CheckpointGroup group, EvaluatedCheckpoint best, EvaluatedCheckpoint[] improved, TestOptions options)
    {
        ConfidenceInterval interval = IntervalOf(best.Point, options.Level);
        bool better = improved.Contains(best);
        return new(
            $"best-has-fallen-log-probs/{group.Name}",
            "Decreasing likelihoods are not necessarily an issue for performance (section 3.5).",
            $"{Statistic}, at the checkpoint with the highest win rate",
            best.Point.ForwardKl,
            Interval(interval, "normal over pairs"),
            better ? Above(0, interval) : Verdict.Inconclusive,
            "where the best checkpoint beats the SFT model (paired t over prompts, "
                + Of($"p < {options.Alpha} after Bonferroni over the checkpoints): ")
            + "supported: the 95 % interval of its forward KL lies above 0, so its chosen responses are less likely than before; "
            + "contradicted: below 0; "
            + "else inconclusive",
            Of($"best {best.WinRate:0.000} at {Place(best.Point)}, {(better ? "above" : "not beyond chance above")} ")
                + "the SFT model; forward KL "
            + Of($"{best.Point.ForwardKl:0.00} ± {best.Point.ForwardKlSe:0.00}"));
    }

    private static Claim? Needed(CheckpointGroup group, int measured, EvaluatedCheckpoint[] improved, TestOptions options)
    {
        if (improved.Length == 0)
        {
            return null;
        }

        EvaluatedCheckpoint least = improved.MinBy(c => c.Point.ForwardKl / c.Point.ForwardKlSe)!;
        ConfidenceInterval interval = IntervalOf(least.Point, options.Level);
        ConfidenceInterval family = IntervalOf(least.Point, 1 - ((1 - options.Level) / improved.Length));
        return new(
            $"improvement-needs-falling-log-probs/{group.Name}",
            "Decreasing likelihoods are even necessary for improvement (section 3.5).",
            $"{Statistic}, the least (by its standard error) among the checkpoints that beat the SFT model",
            least.Point.ForwardKl,
            Interval(interval, "normal over pairs"),
            interval.Low > 0 ? Verdict.Supported : family.High < 0 ? Verdict.Contradicted : Verdict.Inconclusive,
            "of the checkpoints that beat the SFT model (paired t over prompts, "
                + Of($"p < {options.Alpha} after Bonferroni over the checkpoints): ")
            + "supported: the 95 % interval of each one's forward KL lies above 0; contradicted: "
            + "that of one lies below 0 after Bonferroni; else "
            + "inconclusive",
            Of($"{improved.Length} of {measured} checkpoints beat the SFT model; least forward KL {least.Point.ForwardKl:0.00} ± ")
            + Of($"{least.Point.ForwardKlSe:0.00} at {Place(least.Point)}, win rate {least.WinRate:0.000}"));
    }

    private static bool Beats(EvaluatedCheckpoint checkpoint, EvaluatedCheckpoint sft, int looks, TestOptions options)
    {
        PairedDifference test = PairedDifference.Between(checkpoint.Outcomes.Win, sft.Outcomes.Win);
        return test.Mean > 0 && MultipleComparisons.Bonferroni(test.P, looks) < options.Alpha;
    }

    private static ConfidenceInterval IntervalOf(CheckpointPoint point, double level)
    {
        double half = StandardNormal.Quantile(0.5 + (level / 2)) * point.ForwardKlSe!.Value;
        return new(point.ForwardKl!.Value - half, point.ForwardKl.Value + half, level);
    }
}
