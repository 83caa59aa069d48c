using Goodhart.Evaluation.Points;
using Goodhart.Evaluation.Statistics;
using static Goodhart.Evaluation.Claims.ClaimText;

namespace Goodhart.Evaluation.Claims;

/// <summary>IPO stays nearer to the reference than the other losses at equal β.</summary>
internal static class IpoKlClaim
{
    public static IEnumerable<Claim?> DecideAll(IReadOnlyList<CheckpointGroup> groups, TestOptions options) =>
        from ipo in groups
        where ipo.Loss == "ipo"
        from other in groups
        where other.Loss is "dpo" or "slic"
        where other.Model == ipo.Model
        select Decide(ipo, other, options);

    private static Claim? Decide(CheckpointGroup ipo, CheckpointGroup other, TestOptions options) =>
        KlRatio.Between(ipo, other, options) is not { } ratio ? null : new(
            $"ipo-lower-kl/{ipo.Model}/{other.Loss}",
            "IPO reaches lower KLs than DPO and SLiC under the same β (section 3.1).",
            Of($"KL of IPO over KL of {other.Loss} at the end of the epoch, geometric mean over the βs both have"),
            ratio.Mean,
            Interval(ratio.Interval, KlRatio.Method),
            Below(1, ratio.Interval),
            "supported: the 95 % interval of the ratio (t of its logarithm, βs as units) lies below 1; contradicted: above 1; else "
            + "inconclusive",
            ratio.Reading);
}
