using Goodhart.Alignment.Losses;

namespace Goodhart.Alignment.Remedies;

/// <summary>A KL to be spent: β rises while the policy's samples are further from the reference than that, and falls while they are
/// nearer.</summary>
/// <remarks>
/// The rule is that of Ziegler et al. 2019, section 2.2, written for the penalty of a policy gradient. On an offline loss it is our choice
/// (docs/decisions): the KL answers late, and a loss whose slope only falls with β·Δ, such as dpo, holds a KL and does not take it back.
/// </remarks>
public sealed record KlBudget : BetaRule
{
    private const double Clip = 0.2;

    private static readonly LossParameter TargetParameter = new(
        "target", 3, ParameterRange.Above0, "the KL to be spent, nats per response");

    private static readonly LossParameter HorizonParameter = new(
        "horizon", 1000, ParameterRange.Above0, "pairs over which β may change by a fifth");

    private static readonly LossParameter EveryParameter = new(
        "every", 10, ParameterRange.Count, "updates from one look at the KL to the next");

    private static readonly LossParameter PromptsParameter = new(
        "prompts", 32, ParameterRange.Count, "prompts of the training data that a look samples a response to");

    private static readonly LossParameter TokensParameter = new(
        "max-tokens", 64, ParameterRange.Count, "longest response that is sampled, in tokens");

    public static RemedyEntry Entry { get; } = new()
    {
        Name = "kl-target",
        Meaning = "β is moved during the run so that the KL of the policy's own samples comes to a budget.",
        Source = "Ziegler et al. 2019, arXiv:1909.08593, section 2.2, for PPO's penalty; on an offline loss our choice",
        Claim = new(
            "A run that keeps to its KL budget falls less.", "no paper's: what we expect of it", ClaimedEffect.SmallerFall),
        Parameters = [TargetParameter, HorizonParameter, EveryParameter, PromptsParameter, TokensParameter],
        Notes =
        [
            "Every look samples from the policy and runs both models on the samples; the KL is exact per token.",
            "ipo and its kin are drawn back where β rises; dpo only stops.",
        ],
        Build = values => new KlBudget
        {
            Target = values[TargetParameter],
            Horizon = values[HorizonParameter],
            Every = values[EveryParameter],
            Prompts = values[PromptsParameter],
            MaxTokens = values[TokensParameter],
        },
    };

    public override string Name => "kl-target";

    public override string Formula => "β ← β·(1 + clip(KL/target − 1, ±0.2)·pairs/horizon)";

    /// <summary>Nats per response: finite, above 0.</summary>
    public required double Target
    {
        get;
        init => field = TargetParameter.Checked(value, Name);
    }

    /// <summary>Pairs: finite, above 0.</summary>
    public required double Horizon
    {
        get;
        init => field = HorizonParameter.Checked(value, Name);
    }

    /// <summary>Updates, a whole number of at least 1.</summary>
    public required double Every
    {
        get;
        init => field = EveryParameter.Checked(value, Name);
    }

    /// <summary>A whole number of at least 1.</summary>
    public required double Prompts
    {
        get;
        init => field = PromptsParameter.Checked(value, Name);
    }

    /// <summary>A whole number of at least 1.</summary>
    public required double MaxTokens
    {
        get;
        init => field = TokensParameter.Checked(value, Name);
    }

    public override IReadOnlyDictionary<string, double> Parameters => new Dictionary<string, double>
    {
        [TargetParameter.Name] = Target,
        [HorizonParameter.Name] = Horizon,
        [EveryParameter.Name] = Every,
        [PromptsParameter.Name] = Prompts,
        [TokensParameter.Name] = MaxTokens,
    };

    public override bool NeedsReferenceModel => true;

    public override BetaControl Start(double beta) => new KlBudgetControl(this, beta);

    /// <summary>β after a look.</summary>
    /// <param name="kl">Nats per response.</param>
    /// <param name="pairs">Trained on since the last look.</param>
    public double Next(double beta, double kl, double pairs) => beta * (1 + (Math.Clamp((kl / Target) - 1, -Clip, Clip) * pairs / Horizon));
}

/// <summary><see cref="KlBudget"/> in a run: it is told the KL, and measures nothing.</summary>
public sealed class KlBudgetControl(KlBudget rule, double beta) : BetaControl(beta)
{
    public KlBudget Rule => rule;

    /// <summary>Pairs trained on since the last look.</summary>
    public double Pairs { get; private set; }

    public override PairShare[] Assign(BatchFacts batch)
    {
        Pairs += batch.Pairs.Count;
        PairShare[] shares = new PairShare[batch.Pairs.Count];
        Array.Fill(shares, new PairShare(Beta, 1));
        return shares;
    }

    /// <summary>Whether the KL is to be measured now.</summary>
    /// <param name="updates">Done so far.</param>
    public bool IsDue(int updates) => updates % rule.Every == 0;

    /// <param name="kl">Of the policy's samples, nats per response.</param>
    public void Observe(double kl)
    {
        Beta = rule.Next(Beta, kl, Pairs);
        Pairs = 0;
    }

    public override double[] Save() => [Beta, Pairs];

    public override void Restore(ReadOnlySpan<double> saved) => (Beta, Pairs) = (saved[0], saved[1]);
}
