using Goodhart.Evaluation.Fits;
using Goodhart.Evaluation.Points;
using Goodhart.Evaluation.Statistics;
using static Goodhart.Evaluation.Claims.ClaimText;

namespace Goodhart.Evaluation.Claims;

/// <summary>The KL rises as β falls, and as training goes on.</summary>
internal static class KlOrderClaims
{
    private const int FewestPoints = 3;

    // τ = 0.5: three of four pairs are in order.
    private const double Clear = 0.5;

    public static Claim? RisesAsBetaFalls(CheckpointGroup group, PromptDraws draws, TestOptions options)
    {
        EvaluatedCheckpoint[] ends = Runs.Ends(group.Checkpoints);
        return ends.Length < FewestPoints ? null : Decide(
            $"kl-rises-as-beta-falls/{group.Name}",
            "The KL reached at the end of training depends clearly on β: the smaller, the larger (section 3.1).",
            "Kendall's τ between −β and the KL at the end of the epoch",
            [(ends, [.. ends.Select(c => -c.Point.Beta!.Value)])],
            Clear,
            draws,
            options,
            "KL " + string.Join(", ", ends.Select(c => Of($"{c.Point.Kl:0.00} at β {c.Point.Beta}"))));
    }

    /// <summary>The KL rises in the epoch; and does so almost monotonically.</summary>
    public static IEnumerable<Claim?> RisesInTheEpoch(CheckpointGroup group, PromptDraws draws, TestOptions options)
    {
        (EvaluatedCheckpoint[] Run, double[] Fractions)[] runs =
        [
            .. Runs.Of(group.Checkpoints).Where(run => run.Length >= FewestPoints)
                .Select(run => (run, run.Select(c => c.Point.Fraction).ToArray())),
        ];
        if (runs.Length == 0)
        {
            yield break;
        }

        Claim rises = Decide(
            $"kl-rises-in-epoch/{group.Name}",
            "Within the epoch the policy moves away from the reference: the KL rises (section 3.1, figure 2).",
            "Kendall's τ between the fraction of the epoch and the KL, mean over runs",
            runs,
            0,
            draws,
            options,
            Of($"{runs.Count(r => r.Run[^1].Point.Kl > r.Run[0].Point.Kl)} of {runs.Length} runs end with a larger KL than ")
                + "at their first checkpoint");
        yield return rises;
        yield return rises with
        {
            Id = $"kl-almost-monotone/{group.Name}",
            Paper = "Within the epoch the KL increases almost monotonically (appendix C, figure 8).",
            Verdict = Above(Clear, new(rises.Interval!.Low, rises.Interval.High ?? 1, options.Level)),
            Rule = Rule(Clear),
        };
    }

    private static string Rule(double threshold) =>
        Of($"supported: the 95 % interval of Kendall's τ (bootstrap over prompts) lies above {threshold}")
        + (threshold == Clear ? ", three of four pairs in order" : "") + "; contradicted: it lies below; else inconclusive";

    private static Claim Decide(
        string id,
        string paper,
        string statistic,
        (EvaluatedCheckpoint[] Points, double[] Order)[] sets,
        double threshold,
        PromptDraws draws,
        TestOptions options,
        string reading)
    {
        double Tau(Func<EvaluatedCheckpoint, double> kl) =>
            sets.Average(set => Correlation.Kendall(set.Order, [.. set.Points.Select(kl)])?.Value ?? 0);

        double tau = Tau(c => c.Outcomes.Kl.Average());
        double[] taus = new double[draws.Replicates];
        Parallel.For(0, taus.Length, replicate => taus[replicate] = Tau(c => draws.Means(c.Outcomes.Kl)[replicate]));
        ConfidenceInterval interval = Percentiles.Interval(taus, options.Level);
        FitInterval shown = Interval(interval, "bootstrap over prompts");
        return new(id, paper, statistic, tau, shown, Above(threshold, interval), Rule(threshold), Of($"τ = {tau:0.00}; {reading}"));
    }
}
