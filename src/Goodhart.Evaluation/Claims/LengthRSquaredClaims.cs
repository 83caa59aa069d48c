using Goodhart.Evaluation.Points;
using Goodhart.Evaluation.Statistics;
using Goodhart.Text;
using static Goodhart.Evaluation.Claims.ClaimText;

namespace Goodhart.Evaluation.Claims;

/// <summary>How much of the implicit reward is length, R² of Eq. (6): more in small models, and at a small KL.</summary>
/// <remarks>Twice: with an intercept and about the mean, the share of the variance that length explains; and through the origin as the
/// paper prints Eq. (6), uncentred, which also grows with the mean log-ratio.</remarks>
internal static class LengthRSquaredClaims
{
    private const int FewestRuns = 3;

    private static readonly Convention[] Conventions =
    [
        new("centred", "with an intercept, about the mean", point => point.LengthR2),
        new("origin", "through the origin, uncentred", point => point.LengthR2Origin),
    ];

    /// <param name="groups">Seeds apart.</param>
    public static IEnumerable<Claim?> DecideAll(IReadOnlyList<CheckpointGroup> groups, TestOptions options)
    {
        foreach (Convention convention in Conventions)
        {
            foreach (CheckpointGroup group in groups)
            {
                yield return ByBudget(group, convention, options);
            }

            foreach ((CheckpointGroup small, CheckpointGroup large) in SizePairs.Of(groups))
            {
                yield return BySize(small, large, convention, options);
            }
        }
    }

    private static Claim? BySize(CheckpointGroup small, CheckpointGroup large, Convention convention, TestOptions options)
    {
        double[] differences = SizePairs.DifferencesByBeta(small, large, convention.RSquared);
        if (differences.Length < FewestRuns)
        {
            return null;
        }

        PairedDifference test = PairedDifference.Of(differences);
        return new(
            $"length-r2-smaller-models/{convention.Name}/{small.Loss}/{small.Model}-{large.Model}",
            "Smaller models extrapolate more along length: R² of eq. 6 falls with model size (section 3.3, figure 3 right).",
            $"R² of eq. 6 {convention.Words}: {small.Model} minus {large.Model}, mean over checkpoints at equal β and fraction",
            test.Mean,
            Interval(test.Interval(options.Level), "paired t over β"),
            Above(0, test.Interval(options.Level)),
            "supported: the 95 % interval of the difference (paired t over the βs) lies above 0; contradicted: below 0; else inconclusive",
            Of($"mean R² {Mean(small, convention):0.00} ({small.Model}) and {Mean(large, convention):0.00} ({large.Model}); ")
            + Of($"difference {test.Mean:0.00} over {differences.Length} βs ({P(test.P)})"));
    }

    private static Claim? ByBudget(CheckpointGroup group, Convention convention, TestOptions options)
    {
        EvaluatedCheckpoint[][] runs = Runs.Of(group.Checkpoints.Where(c => convention.RSquared(c.Point) is not null));
        if (runs.Length < FewestRuns || Spearman(runs, convention) is not { } correlation)
        {
            return null;
        }

        ConfidenceInterval interval = RunBootstrap.Interval(
            runs, drawn => Spearman(drawn, convention)?.Value, options, "claims/length-r2");
        return new(
            $"length-r2-small-budgets/{convention.Name}/{group.Name}",
            "Under a smaller KL budget the policy extrapolates more along length: R² of eq. 6 falls with the KL (section 3.3, "
                + "figure 3 right).",
            $"Spearman's ρ between √KL and R² of eq. 6 {convention.Words}, over checkpoints",
            correlation.Value,
            Interval(interval, "bootstrap over runs"),
            Below(0, interval),
            "supported: the 95 % interval of ρ (bootstrap over runs) lies below 0; contradicted: above 0; else inconclusive",
            Of($"ρ = {correlation.Value:0.00}, 95 % [{interval.Low:0.00}, {interval.High:0.00}] over {correlation.Count} checkpoints of ")
            + Of($"{Quantity.Of(runs.Length, "run")}"));
    }

    private static double Mean(CheckpointGroup group, Convention convention) =>
        group.Checkpoints.Average(c => convention.RSquared(c.Point)) ?? double.NaN;

    private static Correlation? Spearman(IEnumerable<EvaluatedCheckpoint[]> runs, Convention convention)
    {
        CheckpointPoint[] points = [.. runs.SelectMany(run => run).Select(c => c.Point)];
        return Correlation.Spearman([.. points.Select(p => p.SqrtKl)], [.. points.Select(p => convention.RSquared(p)!.Value)]);
    }

    private sealed record Convention(string Name, string Words, Func<CheckpointPoint, double?> RSquared);
}
