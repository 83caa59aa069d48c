using Goodhart.Evaluation.Comparisons;
using Goodhart.Evaluation.Points;
using Goodhart.Evaluation.Statistics;
using Goodhart.Text;
using static Goodhart.Evaluation.Claims.ClaimText;

namespace Goodhart.Evaluation.Claims;

/// <summary>How length regularisation moves the frontier of KL and win rate: R-DPO against DPO at equal KL (section 3.3, figure 3
/// left).</summary>
internal static class LengthFrontierClaims
{
    /// <summary>Frontiers this near are one, and falls that differ by less are alike.</summary>
    private const double Little = 0.05;

    private const string LowerPaper =
        "The length-regularised model does worse than the standard objective in the region of the lower KL constraint (section 3.3).";

    private const string LowerRule =
        "supported: the 95 % interval of the difference (paired t over prompts) lies below 0; contradicted: above 0; else inconclusive";

    /// <param name="regularised">Seeds apart, because seeds of one β may end at different KLs.</param>
    public static IEnumerable<Claim?> AtEqualKl(CheckpointGroup regularised, CheckpointGroup plain, TestOptions options)
    {
        (KlCurve first, KlCurve second) = (new(regularised), new(plain));
        int[] bins = KlCurve.Common(first, second);
        if (bins.Length >= 2)
        {
            yield return Changes(regularised.Model, first, second, bins, options);
            yield return LowerAtSmallKl(regularised.Model, first, second, bins, options);
            (double[] fall, double[] plainFall) = (first.Fall(bins), second.Fall(bins));
            yield return Fall(
                $"length-regularisation-does-not-alleviate/{regularised.Model}",
                "Length regularisation does not alleviate over-optimization (section 3.3, figure 3).",
                Of($"supported: the 95 % interval of the difference (paired t over prompts) lies above −{Little}; contradicted: below; ")
                    + "else inconclusive",
                interval => Above(-Little, interval)).Decide(fall, plainFall, "DPO", options);
            yield return Fall(
                $"length-regularisation-exacerbates/{regularised.Model}",
                "Length regularisation might even exacerbate over-optimization (section 3.3, figure 3).",
                "supported: the 95 % interval of the difference (paired t over prompts) lies above 0; contradicted: below 0; "
                    + "else inconclusive",
                interval => Above(0, interval)).Decide(fall, plainFall, "DPO", options);
        }
    }

    private static Falls Fall(string id, string paper, string rule, Func<ConfidenceInterval, Verdict> verdict) =>
        new(id, paper, "R-DPO", $"{Falls.EqualKl}: that of R-DPO minus that of DPO", $"{Falls.EqualKlRule}; {rule}", verdict);

    /// <summary>Supported by one bin that differs, contradicted by intervals of all bins that leave no room for a difference that
    /// matters.</summary>
    private static Claim Changes(string model, KlCurve first, KlCurve second, int[] bins, TestOptions options)
    {
        (int Bin, PairedDifference Test)[] tests = [.. bins.Select(bin => (bin, PairedDifference.Of(first.MinusIn(second, bin))))];
        (int most, PairedDifference largest) = tests.MaxBy(test => Math.Abs(test.Test.T));
        double p = MultipleComparisons.Bonferroni(largest.P, bins.Length);
        double familyLevel = 1 - ((1 - options.Level) / bins.Length);
        bool same = tests.All(test => Within(Little, test.Test.Interval(familyLevel)) == Verdict.Supported);
        return new(
            $"length-regularisation-changes-frontier/{model}",
            "Length regularisation changes the frontier of KL and win rate (section 3.3, figure 3).",
            "win rate of R-DPO minus that of DPO in the bin of √KL where they differ most clearly",
            largest.Mean,
            Interval(largest.Interval(familyLevel) with { Level = options.Level }, Of(
                $"paired t over prompts, Bonferroni over {Quantity.Of(bins.Length, "bin")}")),
            p < options.Alpha ? Verdict.Supported : same ? Verdict.Contradicted : Verdict.Inconclusive,
            "supported: they differ in some bin (paired t over prompts, "
                + Of($"p < {options.Alpha} after Bonferroni over the bins that both reach); ")
            + Of($"contradicted: in every bin the interval lies within ±{Little}; else inconclusive"),
            string.Join(", ", tests.Select(test => Of($"{test.Test.Mean:+0.000;-0.000} at {EqualKlComparison.NameOf(test.Bin)}")))
            + Of($"; at {EqualKlComparison.NameOf(most)} {P(p)}"));
    }

    private static Claim LowerAtSmallKl(string model, KlCurve first, KlCurve second, int[] bins, TestOptions options)
    {
        int[] small = bins[..(bins.Length / 2)];
        return new PairedClaim(
            $"length-regularisation-lower/small-kl/{model}",
            LowerPaper,
            "win rate of R-DPO minus that of DPO, mean over the lower half of the bins of √KL that both reach",
            "the region is read as that of small KLs; " + LowerRule,
            interval => Below(0, interval))
            .Decide(
                first.Minus(second, small),
                test => Of($"R-DPO minus DPO {test.Mean:0.000} ± {test.StandardError:0.000} up to √KL ")
                    + Of($"{EqualKlComparison.NameOf(small[^1])} ({P(test.P)})"),
                options);
    }

    /// <param name="regularised">Seeds averaged.</param>
    public static Claim? AtEqualBeta(CheckpointGroup regularised, CheckpointGroup plain, TestOptions options)
    {
        double?[] betas = [.. EpochCurve.Betas(regularised).Intersect(EpochCurve.Betas(plain))];
        double?[] small = betas.Length < 2 ? [] : EpochCurve.Small(betas);
        (EvaluatedCheckpoint[] first, EvaluatedCheckpoint[] second) = (EpochCurve.Of(regularised, small), EpochCurve.Of(plain, small));
        double[] common = [.. first.Select(c => c.Point.Fraction).Intersect(second.Select(c => c.Point.Fraction))];
        if (common.Length == 0)
        {
            return null;
        }

        double[] Wins(EvaluatedCheckpoint[] curve) => EqualKlComparison.PromptMeans(
            [.. curve.Where(c => common.Contains(c.Point.Fraction))]);
        return new PairedClaim(
            $"length-regularisation-lower/small-beta/{regularised.Model}",
            LowerPaper,
            "win rate of R-DPO minus that of DPO at equal β and fraction, mean over the lower half of the βs that both have",
            "the region is read as that of small βs, a weak constraint; " + LowerRule,
            interval => Below(0, interval))
            .Decide(
                PairedDifference.Differences(Wins(first), Wins(second)),
                test => Of($"R-DPO minus DPO {test.Mean:0.000} ± {test.StandardError:0.000} at β ≤ {small[^1]} ({P(test.P)})"),
                options);
    }
}
