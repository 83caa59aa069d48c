using Goodhart.Evaluation.Points;

namespace Goodhart.Evaluation.Remedies;

/// <summary>A strength and a β of a remedy, or of a loss by itself, with the checkpoint where they do best.</summary>
/// <param name="Against">The loss that its family is read against; of that loss itself, its own name.</param>
/// <param name="Rank">In its family, from 1.</param>
/// <param name="Method">As points have it: the loss with its remedies.</param>
/// <param name="Fraction">Of the run: the checkpoint with the highest win rate.</param>
/// <param name="WinRate">There, on the prompts that chose it: mean over seeds. It flatters, as the best of several does.</param>
public sealed record RankedCell(
    string Model, string Against, string Family, int Rank, string Method, double Beta, double Fraction, double WinRate)
{
    /// <summary>Whether a checkpoint, of any seed, is this one.</summary>
    public bool Is(CheckpointKey checkpoint) => (checkpoint.Model, checkpoint.Loss, checkpoint.Beta, checkpoint.Fraction)
        == (Model, Method, Beta, Fraction);

    /// <summary>The best cells of each remedy, and of each loss that has any by itself; by model and loss, the loss by itself
    /// first.</summary>
    /// <param name="checkpoints">On the same prompts in the same order.</param>
    /// <param name="cells">Of each family.</param>
    public static IReadOnlyList<RankedCell> Best(IReadOnlyList<EvaluatedCheckpoint> checkpoints, int cells) =>
    [
        .. RemedyLeague.Compared(checkpoints).SelectMany(group => group.Checkpoints
            .GroupBy(c => RemediedLosses.FamilyOf(c.Point.Loss)).OrderBy(family => family.Key != group.Loss)
            .SelectMany(family => family.GroupBy(c => (c.Point.Loss, c.Point.Beta)).Select(BestOf)
                .OrderByDescending(cell => cell.WinRate).Take(cells)
                .Select((cell, i) => cell with { Against = group.Loss, Family = family.Key, Rank = i + 1 }))),
    ];

    private static RankedCell BestOf(IEnumerable<EvaluatedCheckpoint> cell)
    {
        (CheckpointPoint point, double winRate) = cell.GroupBy(c => c.Point.Fraction).OrderBy(at => at.Key)
            .Select(at => (at.First().Point, WinRate: at.Average(c => c.Outcomes.Win.Average()))).MaxBy(at => at.WinRate);
        return new RankedCell(point.Model, "", "", 0, point.Loss, point.Beta!.Value, point.Fraction, winRate);
    }
}
