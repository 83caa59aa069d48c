using Goodhart.Evaluation.Points;
using Goodhart.Evaluation.Statistics;
using Goodhart.Text;
using static Goodhart.Evaluation.Claims.ClaimText;

namespace Goodhart.Evaluation.Claims;

/// <summary>Over-optimization itself: win rate rises and falls again with the distance from the reference.</summary>
internal static class HumpClaim
{
    private const int FewestCheckpoints = 3;

    public static Claim? Decide(CheckpointGroup group, DistanceAxis axis, TestOptions options)
    {
        EvaluatedCheckpoint[] ordered = [.. group.Checkpoints.Where(c => axis.Root(c.Point) is not null).OrderBy(c => axis.Root(c.Point))];
        if (group.Sft is not { } sft || ordered.Length < FewestCheckpoints)
        {
            return null;
        }

        EvaluatedCheckpoint end = ordered[^1];
        EvaluatedCheckpoint best = ordered[..^1].MaxBy(c => c.Outcomes.Win.Average())!;
        PairedDifference overSft = PairedDifference.Between(best.Outcomes.Win, sft.Outcomes.Win);
        PairedDifference overEnd = PairedDifference.Between(best.Outcomes.Win, end.Outcomes.Win);
        double correctedSft = MultipleComparisons.Bonferroni(overSft.P, ordered.Length);
        double correctedEnd = MultipleComparisons.Bonferroni(overEnd.P, ordered.Length);
        PairedDifference rise = StillRising(ordered);

        bool hump = overSft.Mean > 0 && correctedSft < options.Alpha && overEnd.Mean > 0 && correctedEnd < options.Alpha;
        bool none = (rise.Mean > 0 && rise.P < options.Alpha) || (overSft.Mean < 0 && overSft.P < options.Alpha);
        double familyLevel = 1 - ((1 - options.Level) / ordered.Length);
        ConfidenceInterval interval = overEnd.Interval(familyLevel) with { Level = options.Level };
        return new(
            $"{axis.ClaimName}/{group.Name}",
            axis.Paper,
            $"win rate of the best interior checkpoint minus that of the checkpoint at the largest {axis.Symbol}",
            overEnd.Mean,
            Interval(interval, Of($"paired t over prompts, Bonferroni over {Quantity.Of(ordered.Length, "checkpoint")}")),
            hump ? Verdict.Supported : none ? Verdict.Contradicted : Verdict.Inconclusive,
            Of($"supported: the best interior checkpoint beats both the SFT model and the one at the largest {axis.Symbol} (paired t ")
            + Of($"over prompts, p < {options.Alpha} after Bonferroni over the checkpoints); ")
            + Of($"contradicted: the third of the checkpoints with the largest {axis.Symbol} beats the middle third, or the SFT model ")
            + Of($"beats the best (p < {options.Alpha}); else inconclusive"),
            Of($"best {best.Outcomes.Win.Average():0.000} at {axis.Symbol} {axis.Root(best.Point):0.00} ({Place(best.Point)}); ")
            + Of($"SFT {sft.Outcomes.Win.Average():0.000} ({P(correctedSft)}); {axis.Symbol} {axis.Root(end.Point):0.00}: ")
            + Of($"{end.Outcomes.Win.Average():0.000} ({P(correctedEnd)})"));
    }

    /// <summary>Largest third minus middle third: averages, because single neighbours on a slope differ too little to tell.</summary>
    private static PairedDifference StillRising(EvaluatedCheckpoint[] ordered)
    {
        int third = ordered.Length / 3;
        double[] largest = SeedAverage.Average(ordered[^third..]).Outcomes.Win;
        double[] middle = SeedAverage.Average(ordered[^(2 * third)..^third]).Outcomes.Win;
        return PairedDifference.Between(largest, middle);
    }
}
