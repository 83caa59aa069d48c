using Goodhart.Evaluation.Claims;
using Goodhart.Evaluation.Fits;
using Goodhart.Evaluation.Statistics;
using Goodhart.Text;

namespace Goodhart.Studies.Trees;

/// <summary>What appendix E says of the tree, decided on this study's runs for each policy and loss by a stated rule.</summary>
public static class TreeClaims
{
    private const double Level = 0.95;

    /// <summary>Below this the out-of-distribution mass is too small to ask how it is spread.</summary>
    private const double LeastMass = 0.01;

    public static IReadOnlyList<Claim> Decide(TreeResults results, IReadOnlyList<TreeSummary> summaries)
    {
        List<Claim> claims = [];
        foreach (IGrouping<string, TreeSummary> group in summaries.GroupBy(run => $"{run.Policy}/{run.Loss}"))
        {
            TreeSummary[] runs = [.. group];
            claims.Add(Grows(group.Key, runs));
            claims.Add(PairFalls(group.Key, runs));
            claims.Add(ChosenFalls(group.Key, runs));
            claims.Add(Concentrates(group.Key, runs));
            if (results.Settings.Betas.Count > 1 && results.Settings.Seeds > 1)
            {
                claims.Add(SeedNoise(group.Key, runs, results.Settings.Seed));
            }
        }

        return [.. claims.OrderBy(claim => claim.Id[..claim.Id.IndexOf('/', StringComparison.Ordinal)] switch
        {
            "tree-ood-grows" => 0,
            "tree-pair-falls" => 1,
            "tree-chosen-falls" => 2,
            "tree-concentrates" => 3,
            _ => 4,
        })];
    }

    private static Claim Grows(string group, TreeSummary[] runs) => OfChange(
        $"tree-ood-grows/{group}", "Alignment moves a substantial part of the probability mass to out-of-distribution trajectories "
            + "(section 4, "
        + "appendix E, figures 7 and 9 to 17).",
        "out-of-distribution mass", "above", runs, run => run.OutOfDistribution, growth: true);

    private static Claim PairFalls(string group, TreeSummary[] runs) => OfChange(
        $"tree-pair-falls/{group}", "The probability of the trajectories of the preference pair falls during training (figure 7, bottom "
            + "row).",
        "mass of the pair", "below", runs, run => run.Pair, growth: false);

    private static Claim ChosenFalls(string group, TreeSummary[] runs) => OfChange(
        $"tree-chosen-falls/{group}", "The likelihood of the preferred response falls too, not only that of the rejected one (appendix E).",
        "probability of the chosen trajectory", "below", runs, run => run.Chosen, growth: false);

    private static Claim OfChange(
        string id, string paper, string what, string side, TreeSummary[] runs, Func<TreeMasses, double> measure, bool growth)
    {
        // The unit is the seed: runs of one seed share their SFT model, so their β do not count as independent.
        double[] changes = [.. runs.GroupBy(run => run.Seed).Select(seed => seed.Average(run => measure(run.End) - measure(run.Start)))];
        ConfidenceInterval? interval = SeedInterval(changes);
        double sign = growth ? 1 : -1;
        Verdict verdict = interval is not { } ends ? Verdict.Inconclusive
            : Math.Min(sign * ends.Low, sign * ends.High) > 0 ? Verdict.Supported
            : Math.Max(sign * ends.Low, sign * ends.High) < 0 ? Verdict.Contradicted : Verdict.Inconclusive;
        return new Claim(
            id, paper, $"{what} at the end minus that of the SFT model, mean over β, then over seeds", changes.Average(),
            Interval(interval, "t over seeds"), verdict,
            $"supported: the 95 % interval of the change lies {side} 0; contradicted: on the other side; else, or with one seed, "
                + $"inconclusive",
            FormattableString.Invariant(
                $"{runs.Average(run => measure(run.Start)):0.000} after SFT, {runs.Average(run => measure(run.End)):0.000} at the end; ")
            + "by β: "
            + string.Join(", ", runs.GroupBy(run => run.Beta).Select(
                beta => FormattableString.Invariant($"{beta.Average(run => measure(run.End)):0.000} (β {beta.Key})"))));
    }

    private static Claim Concentrates(string group, TreeSummary[] runs)
    {
        double[] shares =
        [
            .. runs.Where(run => run.End.OutOfDistribution >= LeastMass).GroupBy(run => run.Seed)
                .Select(seed => seed.Average(run => run.TopShare)),
        ];
        ConfidenceInterval? interval = SeedInterval(shares);
        int counted = runs.Count(run => run.End.OutOfDistribution >= LeastMass);
        return new Claim(
            $"tree-concentrates/{group}", "The mass concentrates on a select few out-of-distribution trajectories (appendix E).",
            $"share of the out-of-distribution mass at the end that its {TreeMasses.Few} largest trajectories hold, mean over β, then "
                + $"over seeds",
            shares.Length == 0 ? null : shares.Average(),
            Interval(interval, "t over seeds"),
            interval is not { } ends ? Verdict.Inconclusive
                : ends.Low > 0.5 ? Verdict.Supported : ends.High < 0.5 ? Verdict.Contradicted : Verdict.Inconclusive,
            FormattableString.Invariant(
                $"runs with at least {LeastMass} of out-of-distribution mass; supported: the 95 % interval lies above one half; ")
            + "contradicted: below; else, or with fewer than two seeds left, inconclusive",
            shares.Length == 0 ? FormattableString.Invariant($"no run has {LeastMass} of mass out of distribution")
                : FormattableString.Invariant($"{shares.Average():0.00} in {counted} of {Quantity.Of(runs.Length, "run")}"));
    }

    private static Claim SeedNoise(string group, TreeSummary[] runs, ulong seed)
    {
        TreeSummary[][] bySeed = [.. runs.GroupBy(run => run.Seed).Select(same => same.OrderBy(run => run.Beta).ToArray())];
        double[] counts = [.. Enumerable.Repeat(1.0, bySeed.Length)];
        (double noise, double effect) = Spread(bySeed, counts);
        ConfidenceInterval interval = Percentiles.Interval(
            Bootstrap.Replicate(bySeed.Length, resample => Ratio(Spread(bySeed, resample)), Bootstrap.DefaultReplicates, seed,
                "tree/seed-noise"),
            Level);
        bool still = noise == 0 && effect == 0;
        return new Claim(
            $"tree-seed-noise/{group}", "Runs are noisy: repetitions differ, while the trends are alike for all β (appendix E, figure 18).",
            "standard deviation of the final out-of-distribution mass over seeds (β by β, pooled) over that of its mean over β",
            still || effect == 0 ? null : noise / effect,
            still || !double.IsFinite(interval.High) ? null : Interval(interval, "percentile bootstrap over seeds"),
            still ? Verdict.Inconclusive
                : interval.Low > 1 ? Verdict.Supported : interval.High < 1 ? Verdict.Contradicted : Verdict.Inconclusive,
            "supported (more seed noise than β effect): the 95 % interval of the ratio lies above 1; contradicted: below; else "
                + "inconclusive",
            FormattableString.Invariant($"{noise:0.0000} over seeds, {effect:0.0000} over β"));
    }

    /// <summary>Standard deviation over seeds at one β, pooled over β; and over β of the mean over seeds.</summary>
    private static (double Noise, double Effect) Spread(TreeSummary[][] bySeed, double[] counts)
    {
        double total = counts.Sum();
        int betas = bySeed[0].Length;
        double[] means = new double[betas];
        double within = 0;
        for (int b = 0; b < betas; b++)
        {
            for (int s = 0; s < bySeed.Length; s++)
            {
                means[b] += counts[s] * bySeed[s][b].End.OutOfDistribution / total;
            }

            for (int s = 0; s < bySeed.Length; s++)
            {
                double deviation = bySeed[s][b].End.OutOfDistribution - means[b];
                within += counts[s] * deviation * deviation / (total - 1) / betas;
            }
        }

        double mean = means.Average();
        return (Math.Sqrt(within), Math.Sqrt(means.Sum(m => (m - mean) * (m - mean)) / (betas - 1)));
    }

    private static double Ratio((double Noise, double Effect) spread) =>
        spread.Noise == 0 ? 0 : spread.Effect == 0 ? double.PositiveInfinity : spread.Noise / spread.Effect;

    private static ConfidenceInterval? SeedInterval(double[] values)
    {
        if (values.Length < 2)
        {
            return null;
        }

        MeanEstimate mean = MeanEstimate.Of(values);
        double half = StudentsT.Quantile(0.5 + (Level / 2), values.Length - 1) * mean.StandardError!.Value;
        return new(mean.Mean - half, mean.Mean + half, Level);
    }

    private static FitInterval? Interval(ConfidenceInterval? interval, string method) =>
        interval is { } ends ? new(ends.Low, ends.High, ends.Level, method) : null;
}
