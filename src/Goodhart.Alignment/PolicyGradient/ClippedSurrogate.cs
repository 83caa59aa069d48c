namespace Goodhart.Alignment.PolicyGradient;

/// <summary>PPO's clipped objective (Schulman et al. 2017, Eq. 7) for one token, as a loss.</summary>
public static class ClippedSurrogate
{
    /// <returns>max(−A·ρ, −A·clip(ρ, 1 ± range)) with ρ = π/π_old; its derivative by log π; whether the clip decided.</returns>
    public static (double Loss, double Slope, bool Clipped) Evaluate(double logProb, double oldLogProb, double advantage, double range)
    {
        double ratio = Math.Exp(logProb - oldLogProb);
        double plain = -advantage * ratio;
        double clipped = -advantage * Math.Clamp(ratio, 1 - range, 1 + range);
        return clipped > plain ? (clipped, 0, true) : (plain, plain, false);
    }
}

/// <summary>The value function's squared error, clipped around the values at collection as the policy's ratio is (OpenAI's PPO2).</summary>
public static class ClippedValueLoss
{
    /// <returns>½ max((v − R)², (clip(v, old ± range) − R)²), its derivative by v, and whether the clip decided.</returns>
    public static (double Loss, double Slope, bool Clipped) Evaluate(double value, double oldValue, double target, double range)
    {
        double near = Math.Clamp(value, oldValue - range, oldValue + range);
        double plain = (value - target) * (value - target);
        double clipped = (near - target) * (near - target);
        return clipped > plain ? (0.5 * clipped, near == value ? value - target : 0, true) : (0.5 * plain, value - target, false);
    }
}
