namespace Goodhart.Alignment.Losses;

/// <summary>
/// Eq. (4): the mean of g(x), x = β·Δ, for a g that is the same for every pair; Δ is the chosen minus the rejected log-ratio, summed over
/// response tokens. The losses of a study differ in g and in nothing else.
/// </summary>
public abstract record DirectAlignmentLoss : PairwiseLoss
{
    public sealed override bool NeedsReference => true;

    public sealed override double? ValueAtReference => G(0);

    /// <summary>g at x = β·Δ.</summary>
    public abstract double G(double x);

    /// <summary>dg/dx; at a kink the value that automatic differentiation takes.</summary>
    public abstract double Slope(double x);

    protected sealed override PairGradient Term(PairLogProbs pair)
    {
        // ∂x/∂ log π(y_w) = β and ∂x/∂ log π(y_l) = −β.
        double x = Beta * pair.Margin;
        double chosen = Beta * Slope(x);
        return new(G(x), chosen, -chosen);
    }
}
