using Goodhart.Evaluation.Comparisons;
using Goodhart.Evaluation.Points;
using Goodhart.Evaluation.Statistics;
using static Goodhart.Evaluation.Claims.ClaimText;

namespace Goodhart.Evaluation.Claims;

/// <summary>The paper's thesis: direct alignment degrades with KL as classical RLHF does. Decided where both were run at one size.</summary>
internal static class RlhfClaims
{
    /// <summary>Falls that differ by less are called alike: half of the fall that the default study shows from peak to largest KL.</summary>
    private const double Alike = 0.15;

    /// <param name="groups">Seeds averaged; each with a win rate.</param>
    public static IEnumerable<Claim> DecideAll(IReadOnlyList<CheckpointGroup> groups, ClaimOptions options) =>
        from rlhf in groups
        where rlhf.Loss == RlhfMethods.Ppo
        from direct in groups
        where direct.Model == rlhf.Model && !RlhfMethods.Contains(direct.Loss)
        let claim = Decide(direct, rlhf, options)
        where claim is not null
        select claim;

    private static Claim? Decide(CheckpointGroup direct, CheckpointGroup rlhf, ClaimOptions options)
    {
        // The last bin is open: only below the smaller of the two largest distances do both spend the same KL there.
        double reach = Math.Min(Reach(direct), Reach(rlhf));
        Dictionary<int, double[]> a = ByBin(direct, reach);
        Dictionary<int, double[]> b = ByBin(rlhf, reach);
        int[] common = [.. a.Keys.Intersect(b.Keys).Order()];
        if (common.Length < 2)
        {
            return null;
        }

        double[] fallA = Fall(a, common);
        double[] fallB = Fall(b, common);
        PairedDifference own = PairedDifference.Of(fallA);
        PairedDifference other = PairedDifference.Of(fallB);
        PairedDifference difference = PairedDifference.Between(fallA, fallB);
        ConfidenceInterval interval = difference.Interval(options.Level);
        bool bothFall = Falls(own) && Falls(other);
        bool alike = interval.Low > -Alike && interval.High < Alike;
        bool unlike = interval.Low > Alike || interval.High < -Alike;
        return new(
            $"like-rlhf/{direct.Name}",
            "Direct alignment degrades as classical RLHF does: with more KL, quality rises and then falls by a similar pattern.",
            "fall of the win rate from its best bin of √KL to the largest that both reach, minus that of PPO",
            difference.Mean,
            Interval(interval, "paired t over prompts"),
            bothFall && alike ? Verdict.Supported : unlike ? Verdict.Contradicted : Verdict.Inconclusive,
            Of($"checkpoints up to the smaller of the two largest √KL, in bins of √KL that both reach; supported: both falls are above 0 (paired t over ")
            + Of($"prompts, p < {options.Alpha} after Bonferroni over the bins that might have been best) and the {options.Level:P0} interval of their ")
            + Of($"difference lies within ±{Alike}; contradicted: it lies outside; else inconclusive"),
            Of($"{direct.Loss} falls by {own.Mean:0.000} ({P(Corrected(own))}), PPO by {other.Mean:0.000} ({P(Corrected(other))}), up to √KL {reach:0.00}"));

        double Corrected(PairedDifference fall) => MultipleComparisons.Bonferroni(fall.P, common.Length - 1);

        bool Falls(PairedDifference fall) => fall.Mean > 0 && Corrected(fall) < options.Alpha;
    }

    private static double Reach(CheckpointGroup group) => group.Checkpoints.Max(checkpoint => checkpoint.Point.SqrtKl);

    /// <summary>By prompt: win rate in the best common bin minus that in the last.</summary>
    private static double[] Fall(Dictionary<int, double[]> bins, int[] common)
    {
        double[] best = bins[common.MaxBy(bin => bins[bin].Average())];
        return PairedDifference.Differences(best, bins[common[^1]]);
    }

    private static Dictionary<int, double[]> ByBin(CheckpointGroup group, double reach) => group.Checkpoints
        .Where(checkpoint => checkpoint.Point.SqrtKl <= reach)
        .GroupBy(checkpoint => EqualKlComparison.BinOf(checkpoint.Point.SqrtKl))
        .ToDictionary(bin => bin.Key, bin => EqualKlComparison.PromptMeans([.. bin]));
}
