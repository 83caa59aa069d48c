using Goodhart.Evaluation.Points;
using Goodhart.Evaluation.Statistics;

namespace Goodhart.Evaluation.Comparisons;

/// <summary>
/// Losses compared where they have spent the same KL. At equal β they have not: one loss's β is another's budget, so a comparison at
/// equal β says which spent more, not which is better.
/// </summary>
public static class EqualKlComparison
{
    /// <summary>Lower edges of the bins of √KL; the last is open, and so far out that nothing comparable lies in it: in an open bin from
    /// 2.7 one
    /// loss would be at 3 and another at 11.</summary>
    private static readonly double[] Edges = [0, 0.4, 0.7, 1, 1.4, 1.8, 2.2, 2.7, 3.5, 5, 8, 12];

    /// <param name="checkpoints">On the same prompts in the same order; SFT models, and checkpoints that nothing has judged, are left
    /// out.</param>
    /// <returns>By model, bin and loss, in order of first appearance; bins that a loss does not reach are missing.</returns>
    public static IReadOnlyList<EqualKlCell> Of(IReadOnlyList<EvaluatedCheckpoint> checkpoints) =>
        [.. checkpoints.Where(c => !c.IsSft && c.IsJudged).GroupBy(c => c.Point.Model).SelectMany(model => OfModel([.. model]))];

    private static EqualKlCell[] OfModel(EvaluatedCheckpoint[] checkpoints)
    {
        IGrouping<int, EvaluatedCheckpoint>[] bins = [.. checkpoints.GroupBy(c => BinOf(c.Point.SqrtKl)).OrderBy(bin => bin.Key)];
        EqualKlCell[] cells = [.. bins.SelectMany(bin => OfBin(bin.Key, [.. bin.GroupBy(c => c.Point.Loss)]))];
        int compared = cells.Count(cell => cell.P is not null);
        return [.. cells.Select(cell => cell.P is { } p ? cell with { P = MultipleComparisons.Bonferroni(p, compared) } : cell)];
    }

    private static IEnumerable<EqualKlCell> OfBin(int bin, IGrouping<string, EvaluatedCheckpoint>[] losses)
    {
        double[][] wins = [.. losses.Select(loss => PromptMeans([.. loss]))];
        for (int i = 0; i < losses.Length; i++)
        {
            MeanEstimate own = MeanEstimate.Of(wins[i]);
            PairedDifference? difference = losses.Length == 1
                ? null
                : PairedDifference.Between(wins[i], Mean([.. wins.Where((_, other) => other != i)]));
            yield return new EqualKlCell(
                losses[i].First().Point.Model,
                Edges[bin],
                bin + 1 < Edges.Length ? Edges[bin + 1] : null,
                losses[i].Key,
                losses[i].Count(),
                losses[i].Average(c => c.Point.SqrtKl),
                own.Mean,
                own.StandardError,
                difference?.Mean,
                difference?.StandardError,
                difference?.P);
        }
    }

    /// <summary>"1–1.4", or "> 2.7".</summary>
    internal static string NameOf(int bin) => bin + 1 < Edges.Length
        ? FormattableString.Invariant($"{Edges[bin]}–{Edges[bin + 1]}")
        : FormattableString.Invariant($"> {Edges[bin]}");

    internal static int BinOf(double sqrtKl) => Array.FindLastIndex(Edges, edge => sqrtKl >= edge);

    internal static double[] PromptMeans(EvaluatedCheckpoint[] checkpoints) => Mean([.. checkpoints.Select(c => c.Outcomes.Win)]);

    private static double[] Mean(double[][] rows) => [.. rows[0].Select((_, prompt) => rows.Average(row => row[prompt]))];
}
