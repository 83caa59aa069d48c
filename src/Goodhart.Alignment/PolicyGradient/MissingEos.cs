namespace Goodhart.Alignment.PolicyGradient;

/// <summary>What a response is worth that ran into the length limit: a reward model has read no end of it.</summary>
public abstract record MissingEos
{
    /// <summary>As run.json shows it.</summary>
    public abstract string Rule { get; }

    /// <param name="score">The reward model's, of the response as far as it goes.</param>
    public abstract double Score(double score);
}

/// <summary>Less than its score, by <paramref name="Amount"/> (TRL's <c>missing_eos_penalty</c>); 0 for no difference.</summary>
public sealed record MissingEosPenalty(double Amount) : MissingEos
{
    public override string Rule => FormattableString.Invariant($"score - {Amount}");

    public override double Score(double score) => score - Amount;
}

/// <summary>A fixed score, whatever the reward model says: the "EOS trick" (Huang et al. 2024, detail 23, with −1).</summary>
public sealed record MissingEosScore(double Value) : MissingEos
{
    public override string Rule => FormattableString.Invariant($"{Value}");

    public override double Score(double score) => Value;
}
