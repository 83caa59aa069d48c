using Goodhart.Alignment.Losses;

namespace Goodhart.Alignment.Remedies;

/// <summary>
/// Part of the data's pairs is left out: those for whose label something else speaks least. The rest is one epoch, shorter by as much.
/// </summary>
/// <remarks>A share is kept rather than what lies above a threshold, so that how long a run is does not depend on the scale of what
/// speaks for a label. Decision record 13 says what the sources leave open.</remarks>
public abstract record FilteredPairs : PairSupply
{
    private protected static readonly LossParameter KeepParameter = new(
        "keep", 0.8, ParameterRange.Between(0, 1), "share of the pairs that is kept; the others cost their labels all the same");

    private static readonly string[] Notes =
    [
        "In a study alone; on the command line `goodhart data filter` writes the pairs that are kept to a file.",
        "One epoch over what is kept: fewer updates than the loss by itself has, at as many labels.",
        "Eq. (11)'s share is not measured, since the trained pairs are others.",
    ];

    /// <summary>In (0, 1).</summary>
    public abstract double Keep { get; init; }

    public sealed override IReadOnlyDictionary<string, double> Parameters => new Dictionary<string, double> { [KeepParameter.Name] = Keep };

    public sealed override string Formula => $"the ⌊keep·n⌋ of n pairs with the largest {Key}";

    /// <summary>Whether the study's reward model says what is kept.</summary>
    public virtual bool NeedsReward => false;

    /// <summary>What pairs are ordered by, as a formula.</summary>
    private protected abstract string Key { get; }

    /// <summary>What pairs are ordered by.</summary>
    /// <param name="margin">What speaks for the pair's label: above 0 for it, below 0 against it.</param>
    private protected virtual double KeyOf(double margin) => margin;

    /// <summary>How many of so many pairs are kept.</summary>
    /// <remarks>A share of few decimals is meant as it is written: 0.29 of 100 are 29, whatever their product rounds to.</remarks>
    public int Count(int pairs) => (int)Math.Floor((Keep * pairs) + 1e-9);

    /// <summary>Which are kept, in the order in which they came.</summary>
    /// <param name="margins">Of each pair; of equals the earlier one is kept.</param>
    /// <exception cref="ArgumentException">A margin that is no number.</exception>
    public int[] Kept(IReadOnlyList<double> margins)
    {
        for (int pair = 0; pair < margins.Count; pair++)
        {
            if (double.IsNaN(margins[pair]))
            {
                throw new ArgumentException(FormattableString.Invariant($"{Name}: pair {pair} has no margin, but NaN."), nameof(margins));
            }
        }

        return
        [
            .. Enumerable.Range(0, margins.Count).OrderByDescending(pair => KeyOf(margins[pair])).Take(Count(margins.Count)).Order(),
        ];
    }

    private protected static RemedyEntry EntryOf(
        string name, string meaning, string source, string[] notes, Func<double, FilteredPairs> create) => new()
        {
            Name = name,
            Meaning = meaning,
            Source = source,
            Parameters = [KeepParameter],
            Notes = [.. notes, .. Notes],
            Build = values => create(values[KeepParameter]),
        };

    private protected double CheckedKeep(double value) => KeepParameter.Checked(value, Name);
}

/// <summary>By a reward model: labels that it contradicts go first, then those that it is not sure of.</summary>
public sealed record RewardFilter : FilteredPairs
{
    public static RemedyEntry Entry { get; } = EntryOf(
        "filter-reward",
        "Pairs whose label the reward model contradicts are left out, the clearest contradiction first, then those it is least sure of.",
        "filtering of noisy pairs as in ROPO, arXiv:2404.04102 (an excerpt: so many samples are retained), with a reward model's "
            + "difference in place of its own loss",
        ["Needs the study's `rlhf.reward`. Trained on the same pairs, noise and all, it speaks for labels that it has learned."],
        keep => new RewardFilter { Keep = keep });

    public override string Name => "filter-reward";

    public required override double Keep
    {
        get;
        init => field = CheckedKeep(value);
    }

    public override bool NeedsReward => true;

    private protected override string Key => "r(y_w) − r(y_l)";
}

/// <summary>By a reward model's confidence alone: whether it agrees with the label does not matter.</summary>
public sealed record ConfidenceFilter : FilteredPairs
{
    public static RemedyEntry Entry { get; } = EntryOf(
        "filter-confidence",
        "Pairs whose two responses the reward model can hardly tell apart are left out, whatever their label.",
        "our choice; the counterpart of filter-reward that does not look at the label",
        ["Needs the study's `rlhf.reward`."],
        keep => new ConfidenceFilter { Keep = keep });

    public override string Name => "filter-confidence";

    public required override double Keep
    {
        get;
        init => field = CheckedKeep(value);
    }

    public override bool NeedsReward => true;

    private protected override string Key => "|r(y_w) − r(y_l)|";

    private protected override double KeyOf(double margin) => Math.Abs(margin);
}

/// <summary>By the likelihood of a model that no label has reached: the reference.</summary>
public sealed record ReferenceFilter : FilteredPairs
{
    public static RemedyEntry Entry { get; } = EntryOf(
        "filter-reference",
        "Pairs whose rejected response the reference finds likelier, per token, than the chosen one are left out first.",
        "our choice: a likelihood that the pairs' labels have not formed",
        ["Per token: a sum of log-probs would keep pairs with short chosen responses."],
        keep => new ReferenceFilter { Keep = keep });

    public override string Name => "filter-reference";

    public required override double Keep
    {
        get;
        init => field = CheckedKeep(value);
    }

    private protected override string Key => "log π_ref(y_w)/|y_w| − log π_ref(y_l)/|y_l|";
}

/// <summary>By the implicit reward of a policy that was aligned on other pairs.</summary>
public sealed record CrossFitFilter : FilteredPairs
{
    public static RemedyEntry Entry { get; } = EntryOf(
        "filter-cross-fit",
        "Pairs against whose label a policy speaks that was aligned on the other half of the pairs are left out first.",
        "cross-fitting, Chernozhukov et al., arXiv:1608.00060 (common knowledge, not looked up), of the implicit reward of DPO, "
            + "arXiv:2305.18290; our choice",
        [
            "Two policies more, each with the run's loss and β for an epoch over half of the pairs: as much training again.",
            "Halves are drawn by the seed; a pair is judged by the policy that has not seen its label.",
        ],
        keep => new CrossFitFilter { Keep = keep });

    public override string Name => "filter-cross-fit";

    public required override double Keep
    {
        get;
        init => field = CheckedKeep(value);
    }

    private protected override string Key => "log(π/π_ref)(y_w) − log(π/π_ref)(y_l), π of the other half";
}
