namespace Goodhart.Steps.Measuring;

/// <summary>Which model the responses come from, and so which divergence they estimate.</summary>
public enum KlDirection
{
    /// <summary>KL(policy ‖ reference), over responses of the policy: the x-axis of the paper's Figs. 1 and 3.</summary>
    PolicyToReference,

    /// <summary>KL(reference ‖ policy), over responses of the reference.</summary>
    ReferenceToPolicy,
}

/// <summary>One sampled response in the estimate of a divergence.</summary>
/// <param name="Row">The prompt's place in its file, from 0.</param>
/// <param name="Tokens">Length, EOS included.</param>
/// <param name="Exact">Σ over the response's prefixes of the exact divergence of the next-token distributions, in nats.</param>
/// <param name="LogRatio">log-prob under the model it comes from minus that under the other: k1, in nats.</param>
public sealed record KlSample(
    KlDirection Direction, int Row, int Sample, int Tokens, FinishReason FinishReason, double Exact, double LogRatio);
