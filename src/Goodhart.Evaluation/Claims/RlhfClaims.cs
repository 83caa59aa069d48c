using Goodhart.Evaluation.Comparisons;
using Goodhart.Evaluation.Points;
using Goodhart.Evaluation.Statistics;
using static Goodhart.Evaluation.Claims.ClaimText;

namespace Goodhart.Evaluation.Claims;

/// <summary>The paper's thesis: direct alignment degrades with KL as classical RLHF does. Decided where both were run at one
/// size.</summary>
internal static class RlhfClaims
{
    /// <summary>Falls that differ by less are called alike: half of the fall that the default study shows from peak to largest
    /// KL.</summary>
    private const double Alike = 0.15;

    /// <param name="groups">Seeds apart, because seeds of one β may end at different KLs; each with a win rate.</param>
    public static IEnumerable<Claim> DecideAll(IReadOnlyList<CheckpointGroup> groups, TestOptions options) =>
        from rlhf in groups
        where rlhf.Loss == RlhfMethods.Ppo
        from direct in groups
        where direct.Model == rlhf.Model && !RlhfMethods.Contains(direct.Loss)
        let claim = Decide(direct, rlhf, options)
        where claim is not null
        select claim;

    private static Claim? Decide(CheckpointGroup direct, CheckpointGroup rlhf, TestOptions options)
    {
        (KlCurve a, KlCurve b) = (new(direct), new(rlhf));
        int[] common = KlCurve.Common(a, b);
        if (common.Length < 2)
        {
            return null;
        }

        double[] fallA = a.Fall(common);
        double[] fallB = b.Fall(common);
        PairedDifference own = PairedDifference.Of(fallA);
        PairedDifference other = PairedDifference.Of(fallB);
        PairedDifference difference = PairedDifference.Between(fallA, fallB);
        ConfidenceInterval interval = difference.Interval(options.Level);
        bool bothFall = own.Mean > 0 && own.P < options.Alpha && other.Mean > 0 && other.P < options.Alpha;
        Verdict alike = Within(Alike, interval);
        return new(
            $"like-rlhf/{direct.Name}",
            "Direct alignment degrades as classical RLHF does: with more KL, quality rises and then falls by a similar pattern "
                + "(section 3.1).",
            "fall of the win rate from its best bin of √KL to the largest that both reach, minus that of PPO",
            difference.Mean,
            Interval(interval, "paired t over prompts"),
            alike == Verdict.Supported && !bothFall ? Verdict.Inconclusive : alike,
            Falls.EqualKlRule + "; supported: both falls are above 0 (paired t over prompts, "
                + Of($"p < {options.Alpha}) and the {options.Level:P0} interval of their ")
            + Of($"difference lies within ±{Alike}; contradicted: it lies outside; else inconclusive"),
            Of($"{direct.Loss} falls by {own.Mean:0.000} ({P(own.P)}), PPO by {other.Mean:0.000} ({P(other.P)}), ")
                + Of($"up to √KL {EqualKlComparison.NameOf(common[^1])}"));
    }
}
