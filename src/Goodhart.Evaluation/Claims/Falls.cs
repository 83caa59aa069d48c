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

    private const string SmallBetas =
        "fall of the win rate from the best checkpoint to the end of the epoch at the lower half of the βs that both have";

    private const string SmallBetasRule =
        "the best checkpoint is chosen on half of the prompts and its fall read on the rest, and the reverse";

    /// <summary>Makes the claim on two groups from where they are compared, and that fall and its rule in words.</summary>
    public delegate Falls On(string at, string fall, string rule, CheckpointGroup first, CheckpointGroup second);

    /// <summary>At equal KL; null where the groups reach fewer than two bins of it both.</summary>
    /// <param name="name">The second in words.</param>
    public static Claim? AtEqualKl(On claim, CheckpointGroup first, CheckpointGroup second, string name, TestOptions options)
    {
        (KlCurve own, KlCurve other) = (new(first), new(second));
        int[] bins = KlCurve.Common(own, other);
        return bins.Length < 2 ? null
            : claim("equal-kl", EqualKl, EqualKlRule, first, second).Decide(own.Fall(bins), other.Fall(bins), name, options);
    }

    /// <summary>At equal β; null where the groups share fewer than two.</summary>
    /// <inheritdoc cref="AtEqualKl"/>
    public static Claim? AtEqualBeta(On claim, CheckpointGroup first, CheckpointGroup second, string name, TestOptions options)
    {
        double?[] betas = [.. Betas(first).Intersect(Betas(second)).Order()];
        return betas.Length < 2 ? null : claim("equal-beta", SmallBetas, SmallBetasRule, first, second)
            .Decide(AtSmallBetas(first, betas), AtSmallBetas(second, betas), name, options);
    }

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

    private static IEnumerable<double?> Betas(CheckpointGroup group) => Runs.Ends(group.Checkpoints).Select(end => end.Point.Beta);

    /// <summary>By prompt: the best checkpoint (cross-fitted) minus the mean at the end of the runs with the smaller βs.</summary>
    private static double[] AtSmallBetas(CheckpointGroup group, double?[] betas)
    {
        double?[] small = betas[..(betas.Length / 2)];
        EvaluatedCheckpoint[] ends = [.. Runs.Ends(group.Checkpoints).Where(end => small.Contains(end.Point.Beta))];
        return PairedDifference.Differences(
            CrossFit.Best([.. group.Checkpoints.Where(c => betas.Contains(c.Point.Beta)).Select(c => c.Outcomes.Win)]),
            SeedAverage.Average(ends).Outcomes.Win);
    }
}
