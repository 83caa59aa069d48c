using System.Globalization;

namespace Goodhart.Alignment.Losses;

/// <summary>
/// Eq. (4): the mean of g(x), x = β·Δ, for a convex g; Δ is the chosen minus the rejected log-ratio, summed over response tokens.
/// The losses of a study differ in g and in nothing else.
/// </summary>
public abstract record DirectAlignmentLoss : PreferenceLoss
{
    /// <summary>β, per nat: finite and above zero. The implicit reward of a response is β times its log-ratio.</summary>
    public required double Beta
    {
        get;
        init => field = double.IsFinite(value) && value > 0
            ? value
            : throw new ArgumentOutOfRangeException(
                nameof(Beta), string.Create(CultureInfo.InvariantCulture, $"{Name}: expected a finite beta above 0, got {value}."));
    }

    public sealed override bool NeedsReference => true;

    public sealed override bool CouplesBatch => false;

    public sealed override double? ValueAtReference => G(0);

    /// <summary>g at x = β·Δ.</summary>
    public abstract double G(double x);

    /// <summary>dg/dx; at a kink the value that automatic differentiation takes.</summary>
    public abstract double Slope(double x);

    public sealed override void Evaluate(ReadOnlySpan<PairLogProbs> pairs, Span<PairGradient> terms)
    {
        if (pairs.Length != terms.Length)
        {
            throw new ArgumentException(string.Create(
                CultureInfo.InvariantCulture, $"{Name}: expected one term per pair, got {pairs.Length} pairs and {terms.Length} terms."));
        }

        for (int i = 0; i < pairs.Length; i++)
        {
            // ∂x/∂ log π(y_w) = β and ∂x/∂ log π(y_l) = −β.
            double x = Beta * pairs[i].Margin;
            double chosen = Beta * Slope(x);
            terms[i] = new(G(x), chosen, -chosen);
        }
    }
}
