using Goodhart.Alignment.Losses;

namespace Goodhart.Alignment.Remedies;

/// <summary>The loss's share of flipped labels is not given but estimated, from margins that speak of the same pairs.</summary>
/// <remarks>Decision record 13 has the estimator and what the sources leave open.</remarks>
public abstract record EstimatedSmoothing : Remedy
{
    private const string Source =
        "cDPO, Mitchell 2023, and robust DPO, arXiv:2403.00409, take ε as given (the latter suggests to tune it: an excerpt); the "
            + "estimator is our choice, the lapse rate of psychometric functions, Wichmann and Hill 2001 (common knowledge, not looked up)";

    private static readonly string[] Notes =
    [
        "For cdpo and robust-dpo; the loss's own `label-smoothing` holds for what is measured on held-out pairs.",
        "Above 0.45 the loss takes 0.45; margins that say no more of the labels than a coin give 0. `remedy/noise` says what was taken.",
        "In a study alone; on the command line `goodhart data filter` prints the estimate, for `--loss-parameter label-smoothing=`.",
    ];

    public sealed override string Kind => "label smoothing";

    public sealed override bool IsOfStudies => true;

    public sealed override string Formula => $"ε ← argmax over ε, c of Σ log(ε + (1 − 2ε)·σ(c·m)), m = {Margin}";

    /// <summary>Whether the study's reward model says what the margins are.</summary>
    public virtual bool NeedsReward => false;

    /// <summary>What the margins are, as a formula.</summary>
    private protected abstract string Margin { get; }

    public sealed override void Require(PreferenceLoss loss, int batchSize)
    {
        if (loss is not ISmoothedLoss)
        {
            throw new ArgumentException(
                $"{Name} sets the share of flipped labels that a loss takes, and {loss.Name} takes none: choose cdpo or robust-dpo.");
        }
    }

    private protected static RemedyEntry EntryOf(string name, string by, string note, Func<EstimatedSmoothing> create) => new()
    {
        Name = name,
        Meaning = $"The share of flipped labels is estimated: of how many pairs the label speaks against {by}, however clear that is.",
        Source = Source,
        Notes = [note, .. Notes],
        Build = _ => create(),
    };
}

/// <summary>By policies that were aligned on the other half of the pairs.</summary>
public sealed record CrossFitSmoothing : EstimatedSmoothing
{
    public static RemedyEntry Entry { get; } = EntryOf(
        "smoothing-cross-fit", "the implicit reward of a policy that was aligned on the other half of the pairs",
        "Two policies more, each with the run's loss and β for an epoch over half of the pairs: as much training again.",
        () => new CrossFitSmoothing());

    public override string Name => "smoothing-cross-fit";

    private protected override string Margin => "log(π/π_ref)(y_w) − log(π/π_ref)(y_l), π of the other half";
}

/// <summary>By the study's reward model.</summary>
public sealed record RewardSmoothing : EstimatedSmoothing
{
    public static RemedyEntry Entry { get; } = EntryOf(
        "smoothing-reward", "the difference of rewards",
        "Needs the study's `rlhf.reward`. Trained on the same pairs it has learned some of their noise, and the estimate is too low.",
        () => new RewardSmoothing());

    public override string Name => "smoothing-reward";

    public override bool NeedsReward => true;

    private protected override string Margin => "r(y_w) − r(y_l)";
}
