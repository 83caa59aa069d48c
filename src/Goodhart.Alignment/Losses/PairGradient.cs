namespace Goodhart.Alignment.Losses;

/// <summary>One pair's term of a batch loss, and the term's derivatives by the pair's two policy log-probs.</summary>
/// <remarks>
/// The batch loss is the mean of the terms, so a batch of n pairs back-propagates <see cref="Chosen"/>/n and <see cref="Rejected"/>/n,
/// with the n of the whole batch however it is cut into micro-batches. Where a loss couples the pairs of a batch, the derivatives are n
/// times those of the batch loss.
/// </remarks>
/// <param name="Loss">The term, in the loss's own unit.</param>
/// <param name="Chosen">∂/∂ log π(y_w | x), per nat.</param>
/// <param name="Rejected">∂/∂ log π(y_l | x), per nat.</param>
public readonly record struct PairGradient(double Loss, double Chosen, double Rejected)
{
    /// <summary>The term times a weight that has no gradient; a weight of 0 takes even an infinite term away.</summary>
    internal PairGradient Times(double weight) =>
        new(LogSpace.Weighted(weight, Loss), LogSpace.Weighted(weight, Chosen), LogSpace.Weighted(weight, Rejected));

    /// <summary>With weight times −log π(y_w)/|y_w| added.</summary>
    internal PairGradient AddNll(PairLogProbs pair, double weight) => this with
    {
        Loss = Loss - LogSpace.Weighted(weight, pair.PolicyChosenMean),
        Chosen = Chosen - (weight / pair.ChosenLength),
    };
}
