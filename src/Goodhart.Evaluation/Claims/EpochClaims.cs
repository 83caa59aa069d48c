using Goodhart.Evaluation.Points;
using Goodhart.Evaluation.Statistics;
using Goodhart.Text;
using static Goodhart.Evaluation.Claims.ClaimText;

namespace Goodhart.Evaluation.Claims;

/// <summary>Decline within the epoch: most runs of wide KL budgets are best early, and they decline more than others.</summary>
internal static class EpochClaims
{
    private const int FewestRuns = 3;

    /// <param name="group">Seeds averaged; with a win rate.</param>
    public static Claim? WideBudgetsDeclineMore(CheckpointGroup group, TestOptions options)
    {
        double?[] betas = EpochCurve.Betas(group);
        if (betas.Length < 2)
        {
            return null;
        }

        double?[] small = EpochCurve.Small(betas);
        double?[] large = betas[^small.Length..];
        (EvaluatedCheckpoint[] wide, EvaluatedCheckpoint[] narrow) = (EpochCurve.Of(group, small), EpochCurve.Of(group, large));
        return wide.Length < 2 || narrow.Length < 2 ? null : new Falls(
            $"wide-budgets-decline-more/{group.Name}",
            "Performance degrades within the epoch, above all under a weak KL constraint (section 3.1, figure 2; appendix C, figure 8).",
            Of($"β ≤ {small[^1]}"),
            "fall of the win rate from the best checkpoint of the epoch to its end, mean over the runs of the lower half of the βs, "
                + "minus that of the "
            + "upper half",
            "the best checkpoint is chosen on half of the prompts and its fall read on the rest, and the reverse; supported: "
                + "the 95 % interval "
            + "of the difference (paired t over prompts) lies above 0; contradicted: below 0; else inconclusive",
            interval => Above(0, interval))
            .Decide(EpochCurve.Fall(wide), EpochCurve.Fall(narrow), Of($"β ≥ {large[0]}"), options);
    }

    /// <param name="groups">Seeds apart; each with a win rate.</param>
    public static IEnumerable<Claim?> MostPeakEarly(IReadOnlyList<CheckpointGroup> groups, TestOptions options) =>
        groups.GroupBy(group => group.Model).Select(model => MostPeakEarly(model.Key, [.. model], options));

    private static Claim? MostPeakEarly(string model, CheckpointGroup[] groups, TestOptions options)
    {
        EvaluatedCheckpoint[][] runs = [.. groups.SelectMany(SmallBetaRuns).Where(CanPeakEarly)];
        if (runs.Length < FewestRuns)
        {
            return null;
        }

        int early = runs.Count(run => run.MaxBy(c => c.WinRate)!.Point.Fraction <= EpochCurve.Early);
        ConfidenceInterval interval = Proportion.Wilson(early, runs.Length, options.Level);
        return new(
            $"most-peak-early/{model}",
            "Under a weak KL constraint most runs reach their best performance in the first quarter of the epoch (section 3.1, figure 2).",
            "share of runs of the lower half of the βs, all losses, "
                + Of($"whose best checkpoint lies within the first {100 * EpochCurve.Early:0} % of the epoch"),
            early / (double)runs.Length,
            Interval(interval, "Wilson, runs as independent"),
            Above(0.5, interval),
            "supported: the 95 % interval of the share lies above one half; contradicted: below; else inconclusive",
            Of($"{early} of {Quantity.Of(runs.Length, "run")}"));
    }

    private static EvaluatedCheckpoint[][] SmallBetaRuns(CheckpointGroup group)
    {
        double?[] small = EpochCurve.Small(EpochCurve.Betas(group));
        return Runs.Of(group.Checkpoints.Where(c => small.Contains(c.Point.Beta)));
    }

    private static bool CanPeakEarly(EvaluatedCheckpoint[] run) =>
        run[0].Point.Fraction <= EpochCurve.Early && run[^1].Point.Fraction > EpochCurve.Early;
}
