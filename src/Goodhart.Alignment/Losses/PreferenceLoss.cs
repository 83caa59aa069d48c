using System.Globalization;

namespace Goodhart.Alignment.Losses;

/// <summary>A loss on preference pairs: a batch's log-probs in, each pair's term and its derivatives out. Host, double, nats.</summary>
public abstract record PreferenceLoss : AlignmentLoss
{
    /// <summary>The term of every pair while the policy equals the reference, as at step 0; null where it depends on the pair.</summary>
    public abstract double? ValueAtReference { get; }

    /// <summary>What a unit of <see cref="Scores"/> is worth as an implicit reward: β, unless β is no scale of the loss.</summary>
    public virtual double RewardScale => Beta;

    /// <summary>What a pair's responses are ranked by, in nats: log-ratios, or the policy's own log-probs without a reference.</summary>
    public virtual PairScores Scores(PairLogProbs pair) => new(pair.ChosenLogRatio, pair.RejectedLogRatio);

    /// <summary>Fills one term per pair.</summary>
    /// <exception cref="ArgumentException">The two spans differ in length.</exception>
    public abstract void Evaluate(ReadOnlySpan<PairLogProbs> pairs, Span<PairGradient> terms);

    /// <summary>The batch loss: the mean of the terms, added in order. NaN for an empty batch.</summary>
    public virtual double BatchLoss(ReadOnlySpan<PairGradient> terms)
    {
        double sum = 0;
        foreach (PairGradient term in terms)
        {
            sum += term.Loss;
        }

        return sum / terms.Length;
    }

    private protected void RequireOneTermEach(ReadOnlySpan<PairLogProbs> pairs, ReadOnlySpan<PairGradient> terms)
    {
        if (pairs.Length != terms.Length)
        {
            throw new ArgumentException(string.Create(
                CultureInfo.InvariantCulture, $"{Name}: expected one term per pair, got {pairs.Length} pairs and {terms.Length} terms."));
        }
    }
}
