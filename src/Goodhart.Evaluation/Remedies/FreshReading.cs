using Goodhart.Evaluation.Points;

namespace Goodhart.Evaluation.Remedies;

/// <summary>The chosen cells on prompts that had no part in choosing them.</summary>
/// <param name="Cells">See <see cref="RankedCell.Best"/>.</param>
/// <param name="Checkpoints">Those cells' on the fresh prompts, in the same order; the SFT models may be among them.</param>
public sealed record FreshReading(IReadOnlyList<RankedCell> Cells, IReadOnlyList<EvaluatedCheckpoint> Checkpoints)
{
    /// <summary>Fresh prompts with a verdict at every checkpoint.</summary>
    public int Prompts => Checkpoints[0].Outcomes.Win.Length;

    /// <summary>The first of a family; null where none was chosen.</summary>
    public RankedCell? FirstOf(string model, string against, string family) => Cells.FirstOrDefault(
        cell => cell.Rank == 1 && (cell.Model, cell.Against, cell.Family) == (model, against, family));

    /// <summary>Every chosen cell against the first of the loss by itself.</summary>
    public IReadOnlyList<ConfirmedCell> Confirmed() =>
    [
        .. Cells.GroupBy(cell => (cell.Model, cell.Against)).SelectMany(group => group.Select(cell => new ConfirmedCell(
            cell, Prompts, Checkpoints.Where(c => cell.Is(CheckpointKey.Of(c.Point))).Average(c => c.Point.SqrtKl),
            Read(cell, outcomes => outcomes.Win, group.Count(other => other.Family != other.Against))!))),
    ];

    /// <summary>Its win rate, and the difference from the first cell of the loss by itself.</summary>
    internal RemedyMeasure Read(RankedCell cell) => Read(cell, outcomes => outcomes.Win)!;

    /// <summary>Anything that is known by prompt; null where it is not.</summary>
    /// <param name="compared">Cells that are; null: one of each remedy.</param>
    internal RemedyMeasure? Read(RankedCell cell, Func<PerPromptOutcomes, double[]> quantity, int? compared = null)
    {
        RankedCell? plain = FirstOf(cell.Model, cell.Against, cell.Against);
        int remedies = compared ?? Cells.Where(other => (other.Model, other.Against) == (cell.Model, cell.Against))
            .Select(other => other.Family).Distinct().Count(family => family != cell.Against);
        Dictionary<int, double[]> own = BySeed(cell, quantity);
        bool isPlain = cell.Family == cell.Against;
        return RemedyLeague.Compare(own, isPlain ? null : own, isPlain || plain is null ? null : BySeed(plain, quantity), remedies);
    }

    private Dictionary<int, double[]> BySeed(RankedCell cell, Func<PerPromptOutcomes, double[]> quantity) => Checkpoints
        .Where(c => cell.Is(CheckpointKey.Of(c.Point)) && quantity(c.Outcomes).Length > 0)
        .ToDictionary(c => c.Point.Seed, c => quantity(c.Outcomes));
}

/// <summary>A chosen cell as the fresh prompts have it.</summary>
/// <param name="SqrtKl">Mean over seeds, on the fresh prompts.</param>
/// <param name="WinRate">Against the first cell of the loss by itself; null difference for cells of that loss.</param>
public sealed record ConfirmedCell(RankedCell Cell, int Prompts, double SqrtKl, RemedyMeasure WinRate);
