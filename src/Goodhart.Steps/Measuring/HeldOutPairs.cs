using Goodhart.Alignment.Losses;
using Goodhart.Steps.Rows;
using Goodhart.Steps.Scoring;

namespace Goodhart.Steps.Measuring;

/// <summary>Preference pairs to measure a checkpoint on.</summary>
/// <param name="Reference">Log-probs of <paramref name="Rows"/>.</param>
/// <param name="Loss">Whose value and rewards are reported; null for a policy that was not trained on pairs.</param>
public sealed record HeldOutPairs(TokenizePairs Rows, ReferenceScores Reference, PreferenceLoss? Loss);
