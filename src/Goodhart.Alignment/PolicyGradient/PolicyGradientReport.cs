namespace Goodhart.Alignment.PolicyGradient;

/// <summary>One collection of episodes and the updates on it. Names as in TRL: <c>objective/kl</c> is Kl, and so on.</summary>
/// <param name="Kl">Mean Σ_t of the estimated KL of the episodes, nats per response: before the updates.</param>
/// <param name="Coefficient">β of the KL penalty that was used.</param>
/// <param name="Scores">Mean score.</param>
/// <param name="NonScoreReward">−β times that.</param>
/// <param name="Reward">Mean of both: the objective of Eq. (3).</param>
/// <param name="Entropy">Mean −log π of a sampled token, nats per token.</param>
/// <param name="PolicyLoss">Mean over updates of the clipped surrogate.</param>
/// <param name="ValueLoss">Mean over updates; 0 without a value model.</param>
/// <param name="ApproximateKl">Mean ½(log π − log π_old)² of a token over updates (TRL's <c>policy/approxkl_avg</c>, k2).</param>
/// <param name="ClipShare">Share of tokens whose ratio the clip decided.</param>
/// <param name="ValueClipShare">The same of the value loss.</param>
/// <param name="Ratio">Mean π/π_old.</param>
/// <param name="EosRate">Share of episodes that ended with EOS.</param>
public sealed record PolicyGradientReport(
    double Kl,
    double Coefficient,
    double Scores,
    double NonScoreReward,
    double Reward,
    double Entropy,
    double PolicyLoss,
    double ValueLoss,
    double ApproximateKl,
    double ClipShare,
    double ValueClipShare,
    double Ratio,
    double EosRate,
    double LearningRate,
    double GradientNorm)
{
    /// <summary>Mean gold reward of the same episodes where there is one: measured beside the score, never learnt from.</summary>
    public double? Gold { get; init; }
}
