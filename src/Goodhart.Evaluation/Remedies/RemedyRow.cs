using System.Text.Json.Serialization;

namespace Goodhart.Evaluation.Remedies;

/// <summary>One line of the league table: a loss of one model with a remedy, over all β, checkpoints and seeds of the study.</summary>
/// <param name="Remedies">What the loss is trained with; empty for the loss by itself, which the others are read against.</param>
/// <param name="Best">Win rate of the best checkpoint: of <see cref="Chosen"/> on the fresh prompts where there is one, else chosen on
/// every other prompt and read on the rest.</param>
/// <param name="AtPeakKl">Win rate at the √KL where the loss by itself is at its best; null where no run gets so far.</param>
/// <param name="Fall">From a run's best checkpoint (chosen and read as above) to its last, mean over β.</param>
/// <param name="OverGrid">Best win rate of a run, mean over β: what is left with a badly chosen one.</param>
public sealed record RemedyRow(
    string Model, string Loss, string Remedies, int Runs, RemedyMeasure Best, RemedyMeasure? AtPeakKl, RemedyMeasure Fall,
    RemedyMeasure OverGrid)
{
    /// <summary>For a loss that is a remedy itself, the other loss that it is read against; null for a loss by itself and under
    /// remedies.</summary>
    public string? Against { get; init; }

    /// <summary>Of training to a run's last checkpoint, mean over runs: an estimate of the plan's, not a measurement; null where
    /// unknown.</summary>
    public double? Flops { get; init; }

    /// <summary>Between the gains of the implicit reward and of the win rate, over √KL: win rate times √nats; null where nothing is known
    /// of the implicit reward.</summary>
    public RemedyMeasure? Area { get; init; }

    /// <summary>The cell that <see cref="Best"/> is of, chosen on the study's prompts; null where there were no fresh ones.</summary>
    public RankedCell? Chosen { get; init; }

    /// <summary>That <see cref="Best"/> is read on; null where there are none.</summary>
    public int? FreshPrompts { get; init; }

    /// <summary>Whether it is what others are read against.</summary>
    [JsonIgnore]
    public bool IsPlain => Remedies.Length == 0 && Against is null;
}

/// <summary>A quantity with its error, and its difference from the loss by itself.</summary>
/// <param name="StandardError">Over prompts, of each prompt's mean over seeds; where there are several seeds, between them too: the two
/// add in squares.</param>
/// <param name="Difference">From the loss by itself, paired by prompt and seed: at the β and seeds that both have, or of two chosen cells;
/// null where there is no such thing, and for itself.</param>
/// <param name="DifferenceError">As <paramref name="StandardError"/>.</param>
/// <param name="P">Two-sided t test of the difference, Bonferroni over what is compared with the loss.</param>
public sealed record RemedyMeasure(double Value, double StandardError, double? Difference, double? DifferenceError, double? P)
{
    /// <summary>Of <see cref="StandardError"/>, after Satterthwaite: few seeds know their spread badly.</summary>
    public double? DegreesOfFreedom { get; init; }

    /// <summary>Of <see cref="DifferenceError"/>.</summary>
    public double? DifferenceDegreesOfFreedom { get; init; }
}
