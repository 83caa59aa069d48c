using Goodhart.Evaluation.Points;
using Goodhart.Evaluation.Statistics;

namespace Goodhart.Evaluation.Remedies;

/// <summary>Losses with remedies, read against the losses by themselves on the same prompts and seeds.</summary>
public static class RemedyLeague
{
    /// <param name="checkpoints">On the same prompts in the same order, the SFT models among them; those that nothing has judged are left
    /// out.</param>
    /// <param name="flops">Of training up to a checkpoint; null: unknown.</param>
    /// <returns>By model and loss, the loss by itself first; empty without remedies. With DPO stand the losses that are remedies for
    /// it.</returns>
    public static IReadOnlyList<RemedyRow> Of(
        IReadOnlyList<EvaluatedCheckpoint> checkpoints, IReadOnlyDictionary<CheckpointKey, double>? flops = null) =>
        [.. Methods(checkpoints, flops, name => name).SelectMany(methods => OfLoss(methods, fresh: null))];

    /// <summary>The same with all strengths of a remedy in one row.</summary>
    /// <param name="fresh">What <see cref="RemedyRow.Best"/> is read from; null: every other prompt.</param>
    /// <inheritdoc cref="Of"/>
    public static IReadOnlyList<RemedyRow> Families(
        IReadOnlyList<EvaluatedCheckpoint> checkpoints, IReadOnlyDictionary<CheckpointKey, double>? flops, FreshReading? fresh) =>
        [.. Methods(checkpoints, flops, RemediedLosses.FamilyOf).SelectMany(methods => OfLoss(methods, fresh))];

    /// <summary>What is compared, by model and loss: the loss by itself first.</summary>
    /// <param name="method">What a loss with its remedies counts as.</param>
    internal static IReadOnlyList<IReadOnlyList<RemedyRuns>> Methods(
        IReadOnlyList<EvaluatedCheckpoint> checkpoints, IReadOnlyDictionary<CheckpointKey, double>? flops, Func<string, string> method)
    {
        EvaluatedCheckpoint[] sft = [.. EvaluatedCheckpoint.Judged(checkpoints).Where(c => c.IsSft)];
        return
        [
            .. Compared(checkpoints).Select(group => (RemedyRuns[])
            [
                .. group.Checkpoints.GroupBy(c => method(c.Point.Loss)).OrderBy(own => own.Key != group.Loss).Select(own => new RemedyRuns(
                    own.Key, [.. own], [.. sft.Where(c => c.Point.Model == group.Checkpoints[0].Point.Model)], flops)),
            ]),
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
                        .Where(c => RemediedLosses.ForDpo.Contains(RemediedLosses.FamilyOf(c.Point.Loss)))
                        .Where(c => !remedied.Contains(c.Point.Loss)),
                ]));
            }),
    ];

    private static bool IsRemedied(EvaluatedCheckpoint checkpoint) => RemediedLosses.Contains(checkpoint.Point.Loss);

    private static IEnumerable<RemedyRow> OfLoss(IReadOnlyList<RemedyRuns> methods, FreshReading? fresh)
    {
        RemedyRuns plain = methods[0];
        double peak = plain.BestSqrtKl;
        foreach (RemedyRuns method in methods)
        {
            RankedCell? chosen = fresh?.FirstOf(method.Model, plain.Name, method.Name);
            yield return new RemedyRow(
                method.Model, RemediedLosses.LossOf(method.Name), RemediedLosses.RemediesOf(method.Name), method.Runs,
                chosen is null ? Of(runs => runs.Best())! : fresh!.Read(chosen),
                AtKl(method, plain, methods.Count - 1, peak),
                Of(runs => runs.Fall())!,
                Of(runs => runs.OverGrid())!)
            {
                Against = method.AgainstIn(plain),
                Flops = method.FlopsOfRun,
                Area = Of(runs => runs.Area()),
                Chosen = chosen,
                FreshPrompts = chosen is null ? null : fresh!.Prompts,
            };

            RemedyMeasure? Of(Func<RemedyRuns, Dictionary<int, double[]>> quantity) => Measure(method, plain, methods.Count - 1, quantity);
        }
    }

    /// <param name="plain">The loss by itself, which may be the method.</param>
    /// <param name="compared">Methods that are compared with it.</param>
    internal static RemedyMeasure? Measure(
        RemedyRuns method, RemedyRuns plain, int compared, Func<RemedyRuns, Dictionary<int, double[]>> quantity) => Compare(
            quantity(method),
            method == plain ? null : quantity(method.Among(plain)),
            method == plain ? null : quantity(plain.Among(method)),
            compared);

    /// <summary>Win rate at a distance; the difference is at the β and seeds where both get so far.</summary>
    /// <inheritdoc cref="Measure"/>
    internal static RemedyMeasure? AtKl(RemedyRuns method, RemedyRuns plain, int compared, double sqrtKl) => Compare(
        method.At(sqrtKl),
        method == plain ? null : method.At(sqrtKl, plain),
        method == plain ? null : plain.At(sqrtKl, method),
        compared);

    /// <param name="own">By seed, then by prompt.</param>
    /// <param name="shared">The same on the runs that the loss by itself has too; null for that loss.</param>
    /// <param name="plain">The loss by itself on those runs.</param>
    internal static RemedyMeasure? Compare(
        Dictionary<int, double[]> own, Dictionary<int, double[]>? shared, Dictionary<int, double[]>? plain, int compared)
    {
        if (own.Count == 0)
        {
            return null;
        }

        (double value, double error, double freedom) = Estimate([.. own.Values]);
        double[][] differences = plain is null || shared is null
            ? []
            : [.. shared.Keys.Where(plain.ContainsKey).Select(seed => PairedDifference.Differences(shared[seed], plain[seed]))];
        if (differences.Length == 0)
        {
            return new RemedyMeasure(value, error, null, null, null) { DegreesOfFreedom = freedom };
        }

        (double difference, double differenceError, double differenceFreedom) = Estimate(differences);
        double p = difference == 0 ? 1 : StudentsT.TwoSidedP(difference / differenceError, differenceFreedom);
        return new RemedyMeasure(value, error, difference, differenceError, MultipleComparisons.Bonferroni(p, compared))
        {
            DegreesOfFreedom = freedom,
            DifferenceDegreesOfFreedom = differenceFreedom,
        };
    }

    /// <remarks>Few seeds know their spread badly: degrees of freedom are Satterthwaite's of the two parts.</remarks>
    private static (double Mean, double Error, double DegreesOfFreedom) Estimate(double[][] seeds)
    {
        MeanEstimate prompts = MeanEstimate.Of([.. seeds[0].Select((_, prompt) => seeds.Average(seed => seed[prompt]))]);
        MeanEstimate runs = MeanEstimate.Of([.. seeds.Select(seed => seed.Average())]);
        double between = Math.Pow(runs.StandardError ?? 0, 2);
        double over = Math.Pow(prompts.StandardError ?? 0, 2);
        int prompted = Math.Max(1, seeds[0].Length - 1);
        double spread = (over * over / prompted) + (between * between / Math.Max(1, seeds.Length - 1));
        double freedom = spread > 0 ? Math.Pow(over + between, 2) / spread : prompted;
        return (prompts.Mean, Math.Sqrt(over + between), freedom);
    }
}
