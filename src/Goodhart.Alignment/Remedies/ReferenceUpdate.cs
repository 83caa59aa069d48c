using Goodhart.Alignment.Losses;

namespace Goodhart.Alignment.Remedies;

/// <summary>TR-DPO: the reference follows the policy. Gorbatovski et al. 2024, arXiv:2404.09656.</summary>
/// <remarks>An update's loss is against the reference as it was before; KL and win rates are measured against the model that training began
/// with.</remarks>
public abstract record ReferenceUpdate : Remedy
{
    private protected static readonly PaperClaim Paper = new(
        "It surpasses DPO and mitigates over-optimization.", "TR-DPO, arXiv:2404.09656, abstract (an excerpt)",
        ClaimedEffect.HigherBest, ClaimedEffect.SmallerFall);

    private protected static readonly LossParameter EveryParameter = new(
        "every", 512, ParameterRange.Count, "τ: the reference moves after every so many updates");

    public sealed override string Kind => "reference";

    public sealed override bool NeedsReferenceModel => true;

    /// <summary>τ, a whole number of updates, at least 1.</summary>
    public abstract double Every { get; init; }

    /// <summary>Share of the policy's parameters in the new reference's.</summary>
    public abstract double Share { get; }

    public sealed override void Require(PreferenceLoss loss, int batchSize) => RequireReference(loss);

    /// <summary>Whether the reference moves now.</summary>
    /// <param name="updates">Done so far.</param>
    public bool IsDue(int updates) => updates % Every == 0;

    /// <summary>A parameter of the new reference.</summary>
    public double Mix(double reference, double policy) => Share == 1 ? policy : ((1 - Share) * reference) + (Share * policy);
}

/// <summary>The reference is drawn a part of the way to the policy.</summary>
public sealed record SoftReferenceUpdate : ReferenceUpdate
{
    private static readonly LossParameter AlphaParameter = new(
        "alpha", 0.6, ParameterRange.Between(0, 1), "α, the policy's share in the new reference; 1 would be tr-dpo-hard");

    public static RemedyEntry Entry { get; } = new()
    {
        Name = "tr-dpo",
        Meaning = "The reference is drawn towards the policy as training goes on.",
        Source = "TR-DPO, arXiv:2404.09656; huggingface/trl, trl/trainer/callbacks.py, SyncRefModelCallback",
        Claim = Paper,
        Elsewhere = [new("TRL", "sync_ref_model with ref_model_mixup_alpha, ref_model_sync_steps")],
        Parameters = [AlphaParameter, EveryParameter],
        Notes =
        [
            "every = 1 mixes after each update.",
            "Parameters are mixed, not probabilities, in double and then stored as float32.",
            "The reference is kept in memory and run once more for every update.",
        ],
        Build = values => new SoftReferenceUpdate { Alpha = values[AlphaParameter], Every = values[EveryParameter] },
    };

    public override string Name => "tr-dpo";

    public override string Formula => "θ_ref ← (1 − α)·θ_ref + α·θ after every τ updates";

    /// <summary>α in (0, 1).</summary>
    public required double Alpha
    {
        get;
        init => field = AlphaParameter.Checked(value, Name);
    }

    public required override double Every
    {
        get;
        init => field = EveryParameter.Checked(value, Name);
    }

    public override IReadOnlyDictionary<string, double> Parameters =>
        new Dictionary<string, double> { [AlphaParameter.Name] = Alpha, [EveryParameter.Name] = Every };

    public override double Share => Alpha;
}

/// <summary>The reference becomes the policy.</summary>
public sealed record HardReferenceUpdate : ReferenceUpdate
{
    public static RemedyEntry Entry { get; } = new()
    {
        Name = "tr-dpo-hard",
        Meaning = "The reference is replaced by the policy from time to time.",
        Source = "TR-DPO, arXiv:2404.09656; huggingface/trl, trl/trainer/callbacks.py, SyncRefModelCallback",
        Claim = Paper,
        Elsewhere = [new("TRL", "sync_ref_model with ref_model_mixup_alpha = 1, ref_model_sync_steps")],
        Parameters = [EveryParameter],
        Notes = ["The reference is kept in memory and run once more for every update."],
        Build = values => new HardReferenceUpdate { Every = values[EveryParameter] },
    };

    public override string Name => "tr-dpo-hard";

    public override string Formula => "θ_ref ← θ after every τ updates";

    public required override double Every
    {
        get;
        init => field = EveryParameter.Checked(value, Name);
    }

    public override IReadOnlyDictionary<string, double> Parameters => new Dictionary<string, double> { [EveryParameter.Name] = Every };

    public override double Share => 1;
}
