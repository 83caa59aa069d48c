using Goodhart.Evaluation.Points;
using Goodhart.Evaluation.Statistics;

namespace Goodhart.Evaluation.Remedies;

/// <summary>Losses with remedies, read against the losses by themselves on the same prompts and seeds.</summary>
public static class RemedyLeague
{
    /// <param name="checkpoints">On the same prompts in the same order, the SFT models among them; those that nothing has judged are left
    /// out.</param>
    /// <returns>By model and loss, the loss by itself first; empty without remedies. With DPO stand the losses that are remedies for
    /// it.</returns>
    public static IReadOnlyList<RemedyRow> Of(IReadOnlyList<EvaluatedCheckpoint> checkpoints)
    {
        EvaluatedCheckpoint[] judged = [.. EvaluatedCheckpoint.Judged(checkpoints)];
        return
        [
            .. Compared(judged).SelectMany(group => OfLoss(
                group.Loss, group.Checkpoints,
                [.. judged.Where(c => c.IsSft && c.Point.Model == group.Checkpoints[0].Point.Model)])),
        ];
    }

    /// <summary>By model and loss, what is compared there: the loss by itself and under its remedies, and of DPO the losses that are
    /// remedies for it and have none themselves.</summary>
    public static IReadOnlyList<(string Loss, EvaluatedCheckpoint[] Checkpoints)> Compared(
        IReadOnlyList<EvaluatedCheckpoint> checkpoints) =>
    [
        .. EvaluatedCheckpoint.Judged(checkpoints).Where(c => !c.IsSft && !RlhfMethods.Contains(c.Point.Loss))
            .GroupBy(c => c.Point.Model).SelectMany(model =>
            {
                ILookup<string, EvaluatedCheckpoint> losses = model.ToLookup(c => RemediedLosses.LossOf(c.Point.Loss));
                string[] remedied = [.. losses.Select(loss => loss.Key).Where(loss => losses[loss].Any(IsRemedied))];
                return remedied.Select(loss => (loss, (EvaluatedCheckpoint[])
                [
                    .. losses[loss],
                    .. loss != RemediedLosses.Dpo ? [] : losses.SelectMany(other => other)
                        .Where(c => RemediedLosses.ForDpo.Contains(c.Point.Loss) && !remedied.Contains(c.Point.Loss)),
                ]));
            }),
    ];

    private static bool IsRemedied(EvaluatedCheckpoint checkpoint) => RemediedLosses.Contains(checkpoint.Point.Loss);

    private static IEnumerable<RemedyRow> OfLoss(string loss, EvaluatedCheckpoint[] checkpoints, EvaluatedCheckpoint[] sft)
    {
        RemedyRuns[] methods =
        [
            .. checkpoints.GroupBy(c => c.Point.Loss).OrderBy(method => method.Key != loss)
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
                Measure(runs => runs.OverGrid())!)
            {
                Against = RemediedLosses.LossOf(method.Name) == loss ? null : loss,
            };

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
