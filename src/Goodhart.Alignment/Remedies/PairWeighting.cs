using Goodhart.Alignment.Losses;

namespace Goodhart.Alignment.Remedies;

/// <summary>A weight for every pair's term, held fixed in the gradient. Weights are not scaled to a sum: the batch loss is the mean of
/// w·term.</summary>
public abstract record PairWeighting : Remedy
{
    public sealed override string Kind => "weights of pairs";

    /// <summary>What it must know of the policy's next-token distributions besides the tokens' log-probs.</summary>
    public virtual VocabularyMeasure Measure => VocabularyMeasure.None;

    /// <summary>The largest log-weight: above it the weight is cut.</summary>
    public abstract double Limit { get; }

    /// <summary>The logarithm of the weight before it is cut.</summary>
    /// <param name="pair">Log-probs summed over all tokens.</param>
    /// <param name="chosen"><see cref="Measure"/> summed over the chosen response's tokens, in nats.</param>
    /// <param name="rejected">The same of the rejected response.</param>
    public abstract double LogWeight(PairLogProbs pair, double chosen, double rejected);

    /// <summary>The weight, at least 0.</summary>
    public double Weight(PairLogProbs pair, double chosen = 0, double rejected = 0) =>
        Math.Exp(Math.Min(LogWeight(pair, chosen, rejected), Limit));

    public sealed override void Require(PreferenceLoss loss, int batchSize) => RequireTermsApart(loss);
}

/// <summary>A number of a next-token distribution p, in nats.</summary>
public enum VocabularyMeasure
{
    /// <summary>0: nothing is measured.</summary>
    None,

    /// <summary>log Σ_v p_v²: the mean of p under itself.</summary>
    LogSumOfSquares,

    /// <summary>log max_v p_v.</summary>
    LogLargest,
}
