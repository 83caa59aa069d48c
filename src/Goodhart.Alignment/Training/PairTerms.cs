using Goodhart.Alignment.Losses;
using Goodhart.Alignment.Remedies;

namespace Goodhart.Alignment.Training;

/// <summary>The terms of one batch under a loss and its remedies.</summary>
/// <param name="measures">Per pair and response, what the weights measure of the policy's distributions; empty where they measure
/// nothing.</param>
/// <param name="perturbed">Per pair, where β's rule perturbs; otherwise empty.</param>
internal sealed class PairTerms(
    PreferenceLoss loss, RemedyPlan remedies, BetaControl? beta, int step, PairBatch batch, double[][] measures, PerturbedRatio[] perturbed)
{
    private readonly double[] weights = new double[batch.Count];
    private PairShare[]? shares;

    public PairGradient[] Terms { get; } = new PairGradient[batch.Count];

    /// <summary>Fills the terms of pairs whose log-probs are known; of all of them at once where the batch is one.</summary>
    public void Evaluate(int start, int count)
    {
        ReadOnlySpan<PairLogProbs> pairs = batch.Seen.AsSpan(start, count);
        Span<PairGradient> terms = Terms.AsSpan(start, count);
        shares ??= beta?.Assign(new BatchFacts(step, batch.Whole, perturbed));
        if (shares is null || Array.TrueForAll(shares, share => share.Beta == shares[0].Beta))
        {
            (shares is null ? loss : loss with { Beta = shares[0].Beta }).Evaluate(pairs, terms);
        }
        else
        {
            for (int i = 0; i < count; i++)
            {
                (loss with { Beta = shares[start + i].Beta }).Evaluate(pairs.Slice(i, 1), terms.Slice(i, 1));
            }
        }

        for (int i = 0; i < count; i++)
        {
            weights[start + i] = Weight(start + i);
            terms[i] = terms[i].Times(weights[start + i] * (shares?[start + i].Weight ?? 1));
        }
    }

    /// <summary>What the remedies did to the batch.</summary>
    public RemedyReport Report() => new(
        shares?.Average(share => share.Beta),
        remedies.Pairs is null ? null : weights.Average(),
        shares?.Average(share => share.Weight > 0 ? 1.0 : 0));

    private double Weight(int i) => remedies.Pairs is not { } rule ? 1
        : measures.Length == 0 ? rule.Weight(batch.Whole[i])
        : rule.Weight(batch.Whole[i], measures[i][0], measures[i][1]);
}

/// <summary>What a run's remedies did to a batch; null where it has none of the kind.</summary>
/// <param name="Beta">Mean β over the batch's pairs.</param>
/// <param name="Weight">Mean weight of a pair, of those that are left out too.</param>
/// <param name="Kept">Share of pairs that were trained on.</param>
public readonly record struct RemedyReport(double? Beta, double? Weight, double? Kept);
