namespace Goodhart.Evaluation.Points;

/// <summary>One checkpoint per (loss, model, β, fraction): outcomes of several alignment seeds averaged prompt by prompt.</summary>
internal static class SeedAverage
{
    public static IReadOnlyList<EvaluatedCheckpoint> Of(IReadOnlyList<EvaluatedCheckpoint> checkpoints) =>
        [
            .. checkpoints.GroupBy(c => (c.Point.Loss, c.Point.Model, c.Point.Beta, c.Point.Fraction, c.Point.BestOf))
                .Select(group => Average([.. group])),
        ];

    /// <summary>Of checkpoints on the same prompts, or without outcomes by prompt; the point keeps the first's names.</summary>
    public static EvaluatedCheckpoint Average(IReadOnlyList<EvaluatedCheckpoint> checkpoints)
    {
        if (checkpoints.Count == 1)
        {
            return checkpoints[0];
        }

        bool judged = checkpoints.All(checkpoint => checkpoint.IsJudged);
        double[] win = !judged ? [] : PromptMeans(checkpoints, outcomes => outcomes.Win);
        double[] kl = PromptMeans(checkpoints, outcomes => outcomes.Kl);
        CheckpointPoint point = checkpoints[0].Point with
        {
            Kl = kl.Length > 0 ? kl.Average() : checkpoints.Average(c => c.Point.Kl),
            WinRate = win.Length > 0 ? win.Average() : Mean(checkpoints, point => point.WinRate),
            ForwardKl = Mean(checkpoints, point => point.ForwardKl),

            // Seeds share the held-out pairs, so their errors need not cancel: the mean error is the careful one.
            ForwardKlSe = Mean(checkpoints, point => point.ForwardKlSe),
            ForwardKlSampled = Mean(checkpoints, point => point.ForwardKlSampled),
            ForwardKlSampledSe = Mean(checkpoints, point => point.ForwardKlSampledSe),
        };
        bool sized = checkpoints.All(c => c.Outcomes is { Length: not null, DataLength: not null });
        return new(point, new(win, kl)
        {
            Length = sized ? PromptMeans(checkpoints, outcomes => outcomes.Length!) : null,
            DataLength = sized ? PromptMeans(checkpoints, outcomes => outcomes.DataLength!) : null,
        });
    }

    private static double[] PromptMeans(IReadOnlyList<EvaluatedCheckpoint> checkpoints, Func<PerPromptOutcomes, double[]> values)
    {
        double[][] all = [.. checkpoints.Select(c => values(c.Outcomes))];
        return [.. all[0].Select((_, prompt) => all.Average(outcomes => outcomes[prompt]))];
    }

    private static double? Mean(IReadOnlyList<EvaluatedCheckpoint> checkpoints, Func<CheckpointPoint, double?> value) =>
        checkpoints.All(c => value(c.Point) is not null) ? checkpoints.Average(c => value(c.Point)!.Value) : null;
}
