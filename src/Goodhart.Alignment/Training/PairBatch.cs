using Goodhart.Alignment.Losses;
using Goodhart.Alignment.Remedies;
using Goodhart.Models.Scoring;
using Goodhart.Text.Data;

namespace Goodhart.Alignment.Training;

/// <summary>The log-probs of a batch's pairs as they become known: whole sums, and the sums that the loss sees.</summary>
/// <param name="tokens">How the loss's sums weigh tokens; null: all alike.</param>
internal sealed class PairBatch(IReadOnlyList<TokenizedPair> pairs, TokenWeighting? tokens)
{
    private readonly ReferencePair[] seenReference = new ReferencePair[pairs.Count];
    private readonly ReferencePair[] reference = new ReferencePair[pairs.Count];

    public int Count => pairs.Count;

    /// <summary>Sums over all tokens: what reports are of.</summary>
    public PairLogProbs[] Whole { get; } = new PairLogProbs[pairs.Count];

    /// <summary>What the loss sees.</summary>
    public PairLogProbs[] Seen { get; } = new PairLogProbs[pairs.Count];

    public PromptTree[] Trees { get; } = [.. pairs.Select(pair => new PromptTree(pair.Prompt, [pair.Chosen, pair.Rejected]))];

    public void SetReference(int i, ReferencePair stored) => (reference[i], seenReference[i]) = (stored, stored);

    public void SetReference(int i, ReadOnlySpan<float> chosen, ReadOnlySpan<float> rejected)
    {
        ReferencePair whole = new(ResponseScorer.Sum(chosen), ResponseScorer.Sum(rejected));
        SetReference(i, whole);
        if (tokens is { WeighsReference: true })
        {
            seenReference[i] = new(tokens.Sum(chosen, Shared(i)), tokens.Sum(rejected, Shared(i)));
        }
    }

    public void Set(int i, ReadOnlySpan<float> chosen, ReadOnlySpan<float> rejected)
    {
        Whole[i] = With(i, ResponseScorer.Sum(chosen), ResponseScorer.Sum(rejected), reference[i]);
        Seen[i] = tokens is null
            ? Whole[i]
            : With(i, tokens.Sum(chosen, Shared(i)), tokens.Sum(rejected, Shared(i)), seenReference[i]);
    }

    /// <summary>Writes the derivative by every token's log-prob, from those by the sums that the loss sees.</summary>
    public void Spread(int i, PairGradient term, Span<float> chosen, Span<float> rejected)
    {
        Spread(term.Chosen / Count, chosen, Shared(i));
        Spread(term.Rejected / Count, rejected, Shared(i));
    }

    private void Spread(double slope, Span<float> response, int shared)
    {
        response.Fill((float)slope);
        for (int token = shared; tokens is not null && token < response.Length; token++)
        {
            response[token] = (float)(slope * tokens.Weight(token, shared));
        }
    }

    private int Shared(int i) => Math.Min(pairs[i].Chosen.Length, pairs[i].Rejected.Length);

    private PairLogProbs With(int i, double chosen, double rejected, ReferencePair of) => new(
        chosen, rejected, of.Chosen, of.Rejected, pairs[i].Chosen.Length, pairs[i].Rejected.Length);
}
