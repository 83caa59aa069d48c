using Goodhart.Evaluation.Points;
using Goodhart.Evaluation.Statistics;
using static Goodhart.Evaluation.Claims.ClaimText;

namespace Goodhart.Evaluation.Claims;

/// <summary>Runs with a wide KL budget peak early in the epoch and end lower.</summary>
internal static class EarlyPeakClaim
{
    public static Claim? Decide(CheckpointGroup group, TestOptions options)
    {
        double?[] low = EpochCurve.Small(EpochCurve.Betas(group));
        EvaluatedCheckpoint[] curve = EpochCurve.Of(group, low);
        EvaluatedCheckpoint[] early = [.. curve.Where(c => c.Point.Fraction <= EpochCurve.Early)];
        if (early.Length == 0 || early.Length == curve.Length)
        {
            return null;
        }

        EvaluatedCheckpoint best = early.MaxBy(c => c.WinRate)!;
        EvaluatedCheckpoint peak = curve.MaxBy(c => c.WinRate)!;
        EvaluatedCheckpoint last = curve[^1];
        PairedDifference fall = PairedDifference.Between(best.Outcomes.Win, last.Outcomes.Win);
        double corrected = MultipleComparisons.Bonferroni(fall.P, early.Length);
        bool declined = peak == best && fall.Mean > 0 && corrected < options.Alpha;
        bool rose = fall.Mean < 0 && fall.P < options.Alpha;
        string values = string.Join(", ", curve.Select(c => Of($"{c.WinRate:0.000} at {100 * c.Point.Fraction:0} %")));
        return new(
            $"early-peak/{group.Name}",
            "Runs with a wide KL budget do best after about a quarter of the epoch and decline from there (section 3.1, figure 2).",
            Of($"win rate at the best checkpoint within the first {100 * EpochCurve.Early:0} % of the epoch minus that at its end, ")
                + "mean over the "
            + "low-β runs",
            fall.Mean,
            Interval(
                fall.Interval(1 - ((1 - options.Level) / early.Length)) with { Level = options.Level },
                Of($"paired t over prompts, Bonferroni over {early.Length} early checkpoints")),
            declined ? Verdict.Supported : rose ? Verdict.Contradicted : Verdict.Inconclusive,
            "the lower half of the βs, averaged; supported: the curve's highest checkpoint lies within the first "
                + Of($"{100 * EpochCurve.Early:0} % ")
            + Of($"and beats the last (paired t over prompts, p < {options.Alpha} after Bonferroni over the early checkpoints); ")
            + Of($"contradicted: the last checkpoint beats the best early one (p < {options.Alpha}); else inconclusive"),
            Of($"β ≤ {low[^1]}: {values}; early best minus last {fall.Mean:0.000} ({P(corrected)})"));
    }
}
