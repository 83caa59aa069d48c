using Goodhart.Evaluation.Points;
using Goodhart.Evaluation.Statistics;

namespace Goodhart.Evaluation.Remedies;

/// <summary>Losses with remedies, read against the losses by themselves on the same prompts and seeds.</summary>
public static class RemedyLeague
{
    /// <param name="checkpoints">On the same prompts in the same order, the SFT models among them; those that nothing has judged are left
    /// out.</param>
    /// <returns>By model and loss, the loss by itself first; empty for a loss without remedies.</returns>
    public static IReadOnlyList<RemedyRow> Of(IReadOnlyList<EvaluatedCheckpoint> checkpoints)
    {
        EvaluatedCheckpoint[] judged = [.. EvaluatedCheckpoint.Judged(checkpoints)];
        return
        [
            .. judged.Where(c => !c.IsSft && !RlhfMethods.Contains(c.Point.Loss))
                .GroupBy(c => (c.Point.Model, Loss: RemediedLosses.LossOf(c.Point.Loss)))
                .Where(group => group.Any(c => RemediedLosses.Contains(c.Point.Loss)))
                .SelectMany(group => OfLoss([.. group], [.. judged.Where(c => c.IsSft && c.Point.Model == group.Key.Model)])),
        ];
    }

    private static IEnumerable<RemedyRow> OfLoss(EvaluatedCheckpoint[] checkpoints, EvaluatedCheckpoint[] sft)
    {
        RemedyRuns[] methods =
        [
            .. checkpoints.GroupBy(c => c.Point.Loss).OrderBy(method => RemediedLosses.Contains(method.Key))
                .Select(method => new RemedyRuns(method.Key, [.. method], sft)),
        ];
        RemedyRuns plain = methods[0];
        double peak = plain.BestSqrtKl;
        int compared = methods.Length - 1;
        foreach (RemedyRuns method in methods)
        {
            RemedyRuns? other = method == plain ? null : plain;
            yield return new RemedyRow(
                checkpoints[0].Point.Model, RemediedLosses.LossOf(method.Name), RemediedLosses.RemediesOf(method.Name), method.Runs,
                Measure(runs => runs.Best())!,
                Measure(runs => runs.At(peak)),
                Measure(runs => runs.Fall())!,
                Measure(runs => runs.OverGrid())!);

            RemedyMeasure? Measure(Func<RemedyRuns, Dictionary<int, double[]>> quantity) =>
                Compare(
                    quantity(method), other is null ? null : quantity(method.Among(other)),
                    other is null ? null : quantity(other.Among(method)),
                    compared);
        }
    }

    /// <param name="own">By seed, then by prompt.</param>
    /// <param name="shared">The same on the runs that the loss by itself has too; null for that loss.</param>
    /// <param name="plain">The loss by itself on those runs.</param>
    private static RemedyMeasure? Compare(
        Dictionary<int, double[]> own, Dictionary<int, double[]>? shared, Dictionary<int, double[]>? plain, int compared)
    {
        if (own.Count == 0)
        {
            return null;
        }

        (double value, double error) = Estimate([.. own.Values]);
        double[][] differences = plain is null || shared is null
            ? []
            : [.. shared.Keys.Where(plain.ContainsKey).Select(seed => PairedDifference.Differences(shared[seed], plain[seed]))];
        if (differences.Length == 0)
        {
            return new RemedyMeasure(value, error, null, null, null);
        }

        (double difference, double differenceError) = Estimate(differences);
        double p = difference == 0 ? 1 : StandardNormal.TwoSidedP(difference / differenceError);
        return new RemedyMeasure(value, error, difference, differenceError, MultipleComparisons.Bonferroni(p, compared));
    }

    private static (double Mean, double Error) Estimate(double[][] seeds)
    {
        MeanEstimate prompts = MeanEstimate.Of([.. seeds[0].Select((_, prompt) => seeds.Average(seed => seed[prompt]))]);
        MeanEstimate runs = MeanEstimate.Of([.. seeds.Select(seed => seed.Average())]);
        double between = runs.StandardError ?? 0;
        double over = prompts.StandardError ?? 0;
        return (prompts.Mean, Math.Sqrt((over * over) + (between * between)));
    }
}
