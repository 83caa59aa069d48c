using Goodhart.Alignment.Training;

namespace Goodhart.Alignment.PolicyGradient;

/// <summary>What PPO and RLOO share. The record is what a run stores, and what its trainer takes.</summary>
public abstract record PolicyGradientOptions
{
    public required TrainingOptions Policy { get; init; }

    /// <summary>The KL penalty's coefficient.</summary>
    public required KlController Kl { get; init; }

    /// <summary>Passes over the episodes of one collection.</summary>
    public int Epochs { get; init; } = 4;

    /// <summary>Updates per pass.</summary>
    public int MiniBatches { get; init; } = 1;

    /// <summary>Half-width of the interval around 1 beyond which a probability ratio gains nothing more.</summary>
    public double ClipRange { get; init; } = 0.2;

    /// <summary>How the penalty's KL is estimated.</summary>
    public KlEstimator Estimator { get; init; } = new K1Estimator();

    /// <summary>Scores beyond ± this count as this (OpenRLHF's <c>reward_clip_range</c>); null: none is cut.</summary>
    public double? ScoreClip { get; init; }

    /// <summary>What a response is worth that never ended.</summary>
    public MissingEos MissingEos { get; init; } = new MissingEosPenalty(0);
}

/// <summary>Proximal policy optimisation with a value model of its own (Schulman et al. 2017; Stiennon et al. 2020).</summary>
public sealed record PpoOptions : PolicyGradientOptions
{
    public required TrainingOptions Value { get; init; }

    /// <summary>Collections that train the value model alone, before the policy moves.</summary>
    public int ValueWarmup { get; init; }

    /// <summary>γ.</summary>
    public double Discount { get; init; } = 1;

    /// <summary>λ of the advantage estimate.</summary>
    public double Trace { get; init; } = 0.95;

    public double ValueClipRange { get; init; } = 0.2;

    /// <summary>Advantages to mean 0 and variance 1 over a collection's tokens.</summary>
    public bool WhitenAdvantages { get; init; } = true;

    /// <summary>Token rewards to variance 1 over a collection, their mean kept.</summary>
    public bool WhitenRewards { get; init; }
}

/// <summary>REINFORCE with a leave-one-out baseline (Ahmadian et al. 2024): no value model; a response is one action.</summary>
public sealed record RlooOptions : PolicyGradientOptions
{
    /// <summary>Advantages to mean 0 and variance 1 over a collection (TRL's <c>normalize_advantages</c>).</summary>
    public bool WhitenAdvantages { get; init; }
}
