namespace Goodhart.Alignment.Losses;

/// <summary>A loss whose term for a pair depends on the pairs that are in the batch with it: its batch size is part of its
/// meaning.</summary>
public abstract record CoupledLoss : PreferenceLoss
{
    public required override double Beta
    {
        get;
        init => field = CheckedBeta(value);
    }

    public sealed override bool CouplesBatch => true;

    public sealed override bool NeedsReference => true;

    public sealed override void Evaluate(ReadOnlySpan<PairLogProbs> pairs, Span<PairGradient> terms)
    {
        RequireOneTermEach(pairs, terms);
        if (!pairs.IsEmpty)
        {
            Fill(pairs, terms);
        }
    }

    /// <summary>Fills one term per pair of a batch that is not empty.</summary>
    protected abstract void Fill(ReadOnlySpan<PairLogProbs> pairs, Span<PairGradient> terms);
}
