using System.Globalization;

namespace Goodhart.Alignment.Losses;

/// <summary>A loss on preference data: a batch's log-probs in, each pair's term and its derivatives out. Host, double, nats.</summary>
/// <remarks>A variant is a type; the record's settable properties are its whole configuration.</remarks>
public abstract record PreferenceLoss
{
    /// <summary>The name in study files, run headers and results.</summary>
    public abstract string Name { get; }

    /// <summary>One pair's term as a formula; Δ is the chosen minus the rejected log-ratio to the reference.</summary>
    public abstract string Formula { get; }

    /// <summary>β: finite and above zero. What it means is the loss's own; its <see cref="LossEntry"/> says it.</summary>
    public abstract double Beta { get; init; }

    /// <summary>The loss's numbers besides β, by their names in the catalogue.</summary>
    public virtual IReadOnlyDictionary<string, double> Parameters => LossEntry.NoParameters;

    /// <summary>Whether the loss depends on the reference's log-probs in <see cref="PairLogProbs"/>.</summary>
    public abstract bool NeedsReference { get; }

    /// <summary>Whether a pair's term depends on the other pairs of its batch; if not, any grouping of calls gives the same bits.</summary>
    public abstract bool CouplesBatch { get; }

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

    /// <summary>A β that is none is refused where the loss is made.</summary>
    protected double CheckedBeta(double value) => double.IsFinite(value) && value > 0
        ? value
        : throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"{Name}: expected a finite beta above 0, got {value}."));

    private protected void RequireOneTermEach(ReadOnlySpan<PairLogProbs> pairs, ReadOnlySpan<PairGradient> terms)
    {
        if (pairs.Length != terms.Length)
        {
            throw new ArgumentException(string.Create(
                CultureInfo.InvariantCulture, $"{Name}: expected one term per pair, got {pairs.Length} pairs and {terms.Length} terms."));
        }
    }
}
