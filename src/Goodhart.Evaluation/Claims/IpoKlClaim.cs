using Goodhart.Evaluation.Points;
using Goodhart.Evaluation.Statistics;
using static Goodhart.Evaluation.Claims.ClaimText;

namespace Goodhart.Evaluation.Claims;

/// <summary>IPO stays nearer to the reference than the other losses at equal β.</summary>
internal static class IpoKlClaim
{
    private const int FewestBetas = 3;

    public static IEnumerable<Claim?> DecideAll(IReadOnlyList<CheckpointGroup> groups, ClaimOptions options) =>
        from ipo in groups
        where ipo.Loss == "ipo"
        from other in groups
        where other.Loss is "dpo" or "slic"
        where other.Model == ipo.Model
        select Decide(ipo, other, options);

    private static Claim? Decide(CheckpointGroup ipo, CheckpointGroup other, ClaimOptions options)
    {
        (double Beta, double LogRatio)[] pairs =
        [
            .. from a in Runs.Ends(ipo.Checkpoints)
               join b in Runs.Ends(other.Checkpoints) on (a.Point.Beta, a.Point.Fraction) equals (b.Point.Beta, b.Point.Fraction)
               where a.Point.Kl > 0 && b.Point.Kl > 0
               select (a.Point.Beta!.Value, Math.Log(a.Point.Kl / b.Point.Kl)),
        ];
        if (pairs.Length < FewestBetas)
        {
            return null;
        }

        PairedDifference test = PairedDifference.Of([.. pairs.Select(pair => pair.LogRatio)]);
        ConfidenceInterval logs = test.Interval(options.Level);
        ConfidenceInterval ratio = new(Math.Exp(logs.Low), Math.Exp(logs.High), logs.Level);
        return new(
            $"ipo-lower-kl/{ipo.Model}/{other.Loss}",
            "IPO reaches lower KLs than DPO and SLiC under the same β (section 3.1).",
            Of($"KL of IPO over KL of {other.Loss} at the end of the epoch, geometric mean over the βs both have"),
            Math.Exp(test.Mean),
            Interval(ratio, "t of the log ratio over βs"),
            Below(1, ratio),
            "supported: the 95 % interval of the ratio (t of its logarithm, βs as units) lies below 1; contradicted: above 1; else "
            + "inconclusive",
            string.Join(", ", pairs.Select(pair => Of($"{Math.Exp(pair.LogRatio):0.00} at β {pair.Beta}"))));
    }
}
