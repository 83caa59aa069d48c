namespace Goodhart.Evaluation.Rewards;

/// <summary>One reward from several reward models (Coste et al. 2024): a policy finds it harder to exploit all of them at once.</summary>
public abstract record RewardEnsemble
{
    /// <param name="rewards">Of one response, by member; each member is shifted and scaled alike beforehand.</param>
    public abstract double Combine(ReadOnlySpan<double> rewards);

    protected static double Mean(ReadOnlySpan<double> rewards)
    {
        double sum = 0;
        foreach (double reward in rewards)
        {
            sum += reward;
        }

        return sum / rewards.Length;
    }
}

/// <summary>The mean.</summary>
public sealed record MeanEnsemble : RewardEnsemble
{
    public override double Combine(ReadOnlySpan<double> rewards) => Mean(rewards);
}

/// <summary>Worst-case optimisation: the lowest.</summary>
public sealed record WorstCaseEnsemble : RewardEnsemble
{
    public override double Combine(ReadOnlySpan<double> rewards) => rewards.ToArray().Min();
}

/// <summary>Uncertainty-weighted optimisation: the mean less λ times the variance between members.</summary>
/// <param name="Weight">λ; Coste et al. use 0.5 for best-of-n and 0.1 for PPO.</param>
public sealed record UncertaintyWeightedEnsemble(double Weight) : RewardEnsemble
{
    public override double Combine(ReadOnlySpan<double> rewards)
    {
        double mean = Mean(rewards);
        double variance = 0;
        foreach (double reward in rewards)
        {
            variance += (reward - mean) * (reward - mean) / rewards.Length;
        }

        return mean - (Weight * variance);
    }
}
