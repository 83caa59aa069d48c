namespace Goodhart.Alignment.PolicyGradient;

/// <summary>How the KL penalty of a token is estimated from the one token that was sampled (Schulman 2020, "Approximating KL
/// divergence").</summary>
/// <remarks>
/// Both are unbiased for the divergence itself. As part of the reward, which is not differentiated, only k1 has the gradient of β
/// KL(π‖π_ref):
/// k3 adds Σ π_ref ∇log π, so that it pulls by KL(π‖π_ref) − KL(π_ref‖π), which is almost nothing near π_ref (Liu et al. 2025, arXiv
/// 2510.01555).
/// </remarks>
public abstract record KlEstimator
{
    /// <summary>What tools call it.</summary>
    public abstract string Name { get; }

    /// <param name="logRatio">log π/π_ref of the token, nats.</param>
    /// <returns>Nats.</returns>
    public abstract double Of(double logRatio);
}

/// <summary>log π/π_ref: Ziegler et al. (2019), and what Eq. (3) needs.</summary>
public sealed record K1Estimator : KlEstimator
{
    public override string Name => "k1";

    public override double Of(double logRatio) => logRatio;
}

/// <summary>π_ref/π − 1 − log π_ref/π: never negative, with less variance (TRL's <c>kl_estimator="k3"</c>).</summary>
public sealed record K3Estimator : KlEstimator
{
    public override string Name => "k3";

    public override double Of(double logRatio)
    {
        double x = -logRatio;
        if (Math.Abs(x) > 0.1)
        {
            return Math.Exp(x) - 1 - x;
        }

        // eˣ − 1 − x cancels near zero, so there its series: x²/2 (1 + x/3 (1 + x/4 (...))).
        double series = 1;
        for (int n = 12; n >= 3; n--)
        {
            series = 1 + (x / n * series);
        }

        return x * x / 2 * series;
    }
}
