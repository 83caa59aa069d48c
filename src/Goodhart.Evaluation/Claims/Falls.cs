using Goodhart.Evaluation.Points;
using Goodhart.Evaluation.Statistics;
using static Goodhart.Evaluation.Claims.ClaimText;

namespace Goodhart.Evaluation.Claims;

/// <summary>A claim that compares how far two groups' win rates fall beyond their best: how much each over-optimizes.</summary>
/// <param name="First">The first group in words; the statistic is its fall minus the second's.</param>
internal sealed record Falls(
    string Id, string Paper, string First, string Statistic, string Rule, Func<ConfidenceInterval, Verdict> Verdict)
{
    /// <summary>A fall at equal KL in words.</summary>
    public const string EqualKl = "fall of the win rate from its best bin of √KL to the largest that both reach";

    public const string EqualKlRule = "the best bin is chosen on half of the prompts and its fall read on the rest, and the reverse";

    /// <summary>A fall at equal β in words.</summary>
    public const string SmallBetas =
        "fall of the win rate from the best checkpoint to the end of the epoch at the lower half of the βs that both have";

    public const string SmallBetasRule =
        "the best checkpoint is chosen on half of the prompts and its fall read on the rest, and the reverse";

    /// <param name="first">Its fall by prompt.</param>
    /// <param name="second">The other's.</param>
    /// <param name="name">The other in words.</param>
    public Claim Decide(double[] first, double[] second, string name, TestOptions options)
    {
        (PairedDifference own, PairedDifference other) = (PairedDifference.Of(first), PairedDifference.Of(second));
        return new PairedClaim(Id, Paper, Statistic, Rule, Verdict).Decide(
            PairedDifference.Differences(first, second),
            test => Of($"{First} falls by {own.Mean:0.000} ({P(own.P)}), {name} by {other.Mean:0.000} ({P(other.P)})"),
            options);
    }

    /// <summary>By prompt and group: the best checkpoint (cross-fitted) minus the mean at the end of the runs with the smaller βs. Null
    /// where
    /// the groups share fewer than two βs.</summary>
    public static (double[] First, double[] Second)? AtSmallBetas(CheckpointGroup first, CheckpointGroup second)
    {
        double?[] betas = [.. Betas(first).Intersect(Betas(second)).Order()];
        return betas.Length < 2 ? null : (AtSmallBetas(first, betas), AtSmallBetas(second, betas));
    }

    private static IEnumerable<double?> Betas(CheckpointGroup group) => Runs.Ends(group.Checkpoints).Select(end => end.Point.Beta);

    private static double[] AtSmallBetas(CheckpointGroup group, double?[] betas)
    {
        double?[] small = betas[..(betas.Length / 2)];
        EvaluatedCheckpoint[] ends = [.. Runs.Ends(group.Checkpoints).Where(end => small.Contains(end.Point.Beta))];
        return PairedDifference.Differences(
            CrossFit.Best([.. group.Checkpoints.Where(c => betas.Contains(c.Point.Beta)).Select(c => c.Outcomes.Win)]),
            SeedAverage.Average(ends).Outcomes.Win);
    }
}
