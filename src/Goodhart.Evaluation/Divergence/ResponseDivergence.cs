namespace Goodhart.Evaluation.Divergence;

/// <summary>What two models say of one response of the policy, in nats.</summary>
/// <param name="Kl">Σ over the response's prefixes of the exact KL(π(·|prefix) ‖ π_ref(·|prefix)): its mean over samples of π is
/// D_KL(π‖π_ref) per response, with far less noise than log-ratios (a Rao-Blackwellised estimator).</param>
/// <param name="ReverseKl">The same sum of KL(π_ref ‖ π); over samples of π it is not the divergence of π_ref from π.</param>
/// <param name="PolicyLogProb">log π(y|x).</param>
/// <param name="ReferenceLogProb">log π_ref(y|x).</param>
public readonly record struct ResponseDivergence(double Kl, double ReverseKl, double PolicyLogProb, double ReferenceLogProb)
{
    /// <summary>log π/π_ref of the response: the k1 estimator.</summary>
    public double LogRatio => PolicyLogProb - ReferenceLogProb;
}
