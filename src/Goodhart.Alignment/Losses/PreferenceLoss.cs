namespace Goodhart.Alignment.Losses;

/// <summary>A loss on preference data: a batch's log-probs in, each pair's term and its derivatives out. Host, double, nats.</summary>
/// <remarks>A variant is a type; the record's settable properties are its whole configuration.</remarks>
public abstract record PreferenceLoss
{
    /// <summary>The name in study files, run headers and results.</summary>
    public abstract string Name { get; }

    /// <summary>One pair's term as a formula; Δ is the chosen minus the rejected log-ratio to the reference.</summary>
    public abstract string Formula { get; }

    /// <summary>Whether <see cref="PairLogProbs"/> must carry reference log-probs.</summary>
    public abstract bool NeedsReference { get; }

    /// <summary>Whether a pair's term depends on the other pairs of its batch; if not, any grouping of calls gives the same bits.</summary>
    public abstract bool CouplesBatch { get; }

    /// <summary>The term of every pair while the policy equals the reference, as at step 0; null where it depends on the pair.</summary>
    public abstract double? ValueAtReference { get; }

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
}
