using Goodhart.Alignment.Losses;

namespace Goodhart.Alignment.Remedies;

/// <summary>LD-DPO: what the longer response of a pair has beyond the shorter one's length counts α in the log-probs that the loss
/// sees.</summary>
/// <remarks>Liu et al. 2024, arXiv:2409.06411. Which models' log-probs are meant is read differently: a type each.</remarks>
public abstract record TokenWeighting : Remedy
{
    private protected static readonly PaperClaim Paper = new(
        "It outperforms DPO with responses that are 10 to 40 % shorter.", "LD-DPO, arXiv:2409.06411, abstract (an excerpt)",
        ClaimedEffect.Shorter, ClaimedEffect.NoLowerBest);

    private protected static readonly LossParameter AlphaParameter = new(
        "alpha", 0.5, ParameterRange.Share, "α, weight of the tokens beyond the length that both responses have; 1 would change nothing");

    public sealed override string Kind => "weights of tokens";

    /// <summary>α in [0, 1).</summary>
    public abstract double Alpha { get; init; }

    public sealed override IReadOnlyDictionary<string, double> Parameters =>
        new Dictionary<string, double> { [AlphaParameter.Name] = Alpha };

    /// <summary>Whether the reference's log-probs are weighted too.</summary>
    public abstract bool WeighsReference { get; }

    /// <summary>Weight of a response's token.</summary>
    /// <param name="shared">The length that both responses have, in tokens.</param>
    public double Weight(int token, int shared) => token < shared ? 1 : Alpha;

    /// <summary>Σ weight·log p over a response's tokens, in their order.</summary>
    public double Sum(ReadOnlySpan<float> tokenLogProbs, int shared)
    {
        double sum = 0;
        for (int token = 0; token < tokenLogProbs.Length; token++)
        {
            sum += LogSpace.Weighted(Weight(token, shared), tokenLogProbs[token]);
        }

        return sum;
    }
}

/// <summary>Policy and reference alike, as TRL has it.</summary>
public sealed record LengthDesensitized : TokenWeighting
{
    public static RemedyEntry Entry { get; } = new()
    {
        Name = "ld-dpo",
        Meaning = "Tokens beyond the length that both responses have count less, for the policy and the reference.",
        Source = "LD-DPO, arXiv:2409.06411; huggingface/trl, ld_alpha",
        Claim = Paper,
        Elsewhere = [new("TRL", "ld_alpha")],
        Parameters = [AlphaParameter],
        Notes = ["The reference's log-probs are needed token by token: it is run once more for every update."],
        Build = values => new LengthDesensitized { Alpha = values[AlphaParameter] },
    };

    public override string Name => "ld-dpo";

    public override string Formula => "log π′(y) = Σ_{t ≤ m} log p_t + α·Σ_{t > m} log p_t, m = min(|y_w|, |y_l|), and π′_ref alike";

    public required override double Alpha
    {
        get;
        init => field = AlphaParameter.Checked(value, Name);
    }

    public override bool WeighsReference => true;

    public override bool NeedsReferenceModel => true;
}

/// <summary>The policy alone, as LLaMA-Factory has it.</summary>
public sealed record LengthDesensitizedPolicy : TokenWeighting
{
    public static RemedyEntry Entry { get; } = new()
    {
        Name = "ld-dpo-policy-only",
        Meaning = "Tokens beyond the length that both responses have count less, for the policy; the reference's sums stay whole.",
        Source = "hiyouga/LLaMA-Factory, src/llamafactory/train/dpo/trainer.py, ld_alpha; after LD-DPO, arXiv:2409.06411",
        Claim = Paper,
        Elsewhere = [new("LLaMA-Factory", "ld_alpha")],
        Parameters = [AlphaParameter],
        Notes = ["With the policy equal to the reference the margin is not 0 where the lengths differ: "
            + "it starts in favour of the longer response's cut."],
        Build = values => new LengthDesensitizedPolicy { Alpha = values[AlphaParameter] },
    };

    public override string Name => "ld-dpo-policy-only";

    public override string Formula => "log π′(y) = Σ_{t ≤ m} log p_t + α·Σ_{t > m} log p_t, m = min(|y_w|, |y_l|), log π_ref whole";

    public required override double Alpha
    {
        get;
        init => field = AlphaParameter.Checked(value, Name);
    }

    public override bool WeighsReference => false;

    public override bool KeepsValueAtReference => false;
}
