namespace Goodhart.Alignment.PolicyGradient;

/// <summary>The coefficient β of Eq. (3)'s KL penalty, and how it follows the KL that was measured.</summary>
public abstract record KlController
{
    /// <summary>β before the first update.</summary>
    public required double Initial { get; init; }

    /// <param name="coefficient">Now.</param>
    /// <param name="kl">Mean Σ_t log π/π_ref of the batch just collected, nats per response.</param>
    /// <param name="episodes">In that batch.</param>
    /// <returns>The coefficient of the next batch.</returns>
    public abstract double Next(double coefficient, double kl, int episodes);
}

/// <summary>The same throughout: then the optimum is π_ref exp(r/β).</summary>
public sealed record FixedKl : KlController
{
    public override double Next(double coefficient, double kl, int episodes) => coefficient;
}

/// <summary>Ziegler et al. (2019), section 2.2: multiplied by 1 + clip(KL/target − 1, ±0.2)·episodes/horizon.</summary>
public sealed record AdaptiveKl : KlController
{
    private const double Clip = 0.2;

    /// <summary>Nats per response.</summary>
    public double Target { get; init; } = 6;

    /// <summary>Episodes over which the coefficient may change by a fifth.</summary>
    public double Horizon { get; init; } = 10_000;

    public override double Next(double coefficient, double kl, int episodes) =>
        coefficient * (1 + (Math.Clamp((kl / Target) - 1, -Clip, Clip) * episodes / Horizon));
}
