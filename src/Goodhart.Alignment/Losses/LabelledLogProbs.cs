namespace Goodhart.Alignment.Losses;

/// <summary>The log-probs of one response with a label, summed over its tokens, EOS included. Nats.</summary>
public readonly record struct LabelledLogProbs(double Policy, double Reference, bool IsDesirable)
{
    /// <summary>log π/π_ref; times β it is the implicit reward.</summary>
    public double LogRatio => Policy - Reference;
}
