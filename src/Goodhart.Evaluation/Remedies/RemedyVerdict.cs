using Goodhart.Alignment.Losses;

namespace Goodhart.Evaluation.Remedies;

/// <summary>What a study says of a paper's claim.</summary>
public enum ClaimVerdict
{
    Supported,
    NotSupported,
    Inconclusive,
}

/// <summary>What the source of a remedy says of it, and whether a study bears it out.</summary>
/// <param name="Against">The loss by itself.</param>
/// <param name="Family">The loss with the remedy, all strengths together.</param>
/// <param name="Verdict">Supported where every effect is, not supported where one is not, else inconclusive.</param>
public sealed record RemedyVerdict(
    string Model, string Against, string Family, string Says, string Source, IReadOnlyList<TestedEffect> Effects, ClaimVerdict Verdict);

/// <summary>A claimed difference from the loss by itself, its sign such that above zero is as claimed.</summary>
/// <param name="Low">Of an interval that holds for all tested effects of the model's remedies together in 95 of 100 studies; null, like
/// the others, where nothing could be compared.</param>
/// <param name="Margin">The least that would matter: 0.02 of a win rate, or 5 % of the length under the loss by itself.</param>
public sealed record TestedEffect(
    ClaimedEffect Effect, double? Difference, double? Error, double? Low, double? High, double? Margin, ClaimVerdict Verdict);
