namespace Goodhart.Alignment.Losses;

/// <summary>What a paper says that a remedy, or a loss in another's place, does: in a form that a study can decide.</summary>
/// <param name="Says">In our words.</param>
/// <param name="Source">Where, and how much of it was read.</param>
/// <param name="Effects">All of these, against the loss by itself.</param>
public sealed record PaperClaim(string Says, string Source, params IReadOnlyList<ClaimedEffect> Effects);

/// <summary>A difference from the loss by itself.</summary>
public enum ClaimedEffect
{
    /// <summary>A higher win rate of the best checkpoint.</summary>
    HigherBest,

    /// <summary>A win rate of the best checkpoint that is no lower.</summary>
    NoLowerBest,

    /// <summary>A higher win rate at the KL where the loss by itself is at its best.</summary>
    HigherAtPeakKl,

    /// <summary>A smaller fall from a run's best checkpoint to its last.</summary>
    SmallerFall,

    /// <summary>The same at the smallest β.</summary>
    SmallerFallAtSmallBeta,

    /// <summary>Shorter responses at the best checkpoint.</summary>
    Shorter,
}
