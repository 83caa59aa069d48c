using Goodhart.Evaluation.Comparisons;
using Goodhart.Evaluation.Points;
using Goodhart.Evaluation.Statistics;
using Goodhart.Text;
using static Goodhart.Evaluation.Claims.ClaimText;

namespace Goodhart.Evaluation.Claims;

/// <summary>What the choice of the loss does (section 3.1): DPO is like SLiC, IPO over-optimizes less, hardly at all in the largest
/// model.</summary>
internal static class ObjectiveClaims
{
    /// <summary>Win rates this near are called similar, and a fall of no more little: five in a hundred prompts.</summary>
    private const double Little = 0.05;

    /// <param name="groups">Seeds apart, because seeds of one β may end at different KLs; each with a win rate.</param>
    public static IEnumerable<Claim?> AtEqualKl(IReadOnlyList<CheckpointGroup> groups, TestOptions options) =>
    [
        .. Pairs(groups, "dpo", "slic").Select(pair => Alike(pair.First, pair.Second, options)),
        .. Pairs(groups, "ipo", "dpo", "slic").Select(pair => Falls.AtEqualKl(Less, pair.First, pair.Second, pair.Second.Loss, options)),
        .. SizePairs.Of([.. groups.Where(group => group.Loss == "ipo")]).TakeLast(1).Select(pair => HardlyFalls(pair.Large, options)),
    ];

    /// <param name="groups">Seeds averaged; each with a win rate.</param>
    public static IEnumerable<Claim?> AtEqualBeta(IReadOnlyList<CheckpointGroup> groups, TestOptions options) =>
        Pairs(groups, "ipo", "dpo", "slic").Select(pair => Falls.AtEqualBeta(Less, pair.First, pair.Second, pair.Second.Loss, options));

    private static IEnumerable<(CheckpointGroup First, CheckpointGroup Second)> Pairs(
        IReadOnlyList<CheckpointGroup> groups, string first, params string[] others) =>
        from one in groups
        where one.Loss == first
        from other in groups
        where other.Model == one.Model && others.Contains(other.Loss)
        select (one, other);

    private static Claim? Alike(CheckpointGroup dpo, CheckpointGroup slic, TestOptions options)
    {
        (KlCurve first, KlCurve second) = (new(dpo), new(slic));
        int[] bins = KlCurve.Common(first, second);
        return bins.Length < 2 ? null : new PairedClaim(
            $"dpo-like-slic/{dpo.Model}",
            "DPO and SLiC perform alike (section 3.1).",
            "win rate of DPO minus that of SLiC at equal KL: mean over the bins of √KL that both reach, in equal parts",
            Of($"supported: the 95 % interval of the difference (paired t over prompts) lies within ±{Little}; contradicted: it lies ")
            + "outside; else inconclusive",
            interval => Within(Little, interval))
            .Decide(first.Minus(second, bins), test => Of(
                $"DPO minus SLiC {test.Mean:0.000} ± {test.StandardError:0.000} over {Quantity.Of(bins.Length, "bin")} up to √KL ")
                + EqualKlComparison.NameOf(bins[^1]), options);
    }

    private static Falls Less(string at, string fall, string rule, CheckpointGroup ipo, CheckpointGroup other) => new(
        $"ipo-over-optimizes-less/{at}/{ipo.Model}/{other.Loss}",
        "IPO is less prone to over-optimization than DPO and SLiC (section 3.1).",
        "IPO",
        Of($"{fall}: that of IPO minus that of {other.Loss}"),
        $"{rule}; supported: the 95 % interval of the difference (paired t over prompts) lies below 0; contradicted: above 0; "
            + $"else inconclusive",
        interval => Below(0, interval));

    private static Claim? HardlyFalls(CheckpointGroup ipo, TestOptions options)
    {
        KlCurve curve = new(ipo);
        return curve.Bins.Count < 2 ? null : new PairedClaim(
            $"ipo-hardly-over-optimizes/{ipo.Model}",
            "With IPO the largest model shows little to no over-optimization (section 3.1).",
            "fall of the win rate from its best bin of √KL to its largest",
            Of($"{Falls.EqualKlRule}; supported: the 95 % interval of the fall (paired t over prompts) lies below {Little}; ")
                + "contradicted: above; "
            + "else inconclusive",
            interval => Below(Little, interval))
            .Decide(curve.Fall(curve.Bins), test => Of($"falls by {test.Mean:0.000} ± {test.StandardError:0.000} to √KL ")
                + EqualKlComparison.NameOf(curve.Bins[^1]), options);
    }
}
