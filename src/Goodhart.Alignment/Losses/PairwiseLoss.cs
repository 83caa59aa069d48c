namespace Goodhart.Alignment.Losses;

/// <summary>A loss whose term for a pair depends on that pair alone.</summary>
public abstract record PairwiseLoss : PreferenceLoss
{
    public required override double Beta
    {
        get;
        init => field = CheckedBeta(value);
    }

    public sealed override bool CouplesBatch => false;

    public sealed override void Evaluate(ReadOnlySpan<PairLogProbs> pairs, Span<PairGradient> terms)
    {
        RequireOneTermEach(pairs, terms);
        for (int i = 0; i < pairs.Length; i++)
        {
            terms[i] = Term(pairs[i]);
        }
    }

    /// <summary>One pair's term and its derivatives by the two policy log-probs.</summary>
    protected abstract PairGradient Term(PairLogProbs pair);
}
