using Goodhart.Alignment.Losses;

namespace Goodhart.Alignment.Remedies;

/// <summary>
/// Iterated alignment: instead of the data's pairs, pairs of responses that the policy itself writes, labelled anew in every round.
/// </summary>
/// <remarks>The run goes on from round to round, with its optimizer and its reference, over as many labels as there are pairs in the
/// data. Decision record 12 says what the sources leave open.</remarks>
public abstract record OnlinePairs : PairSupply
{
    private protected static readonly LossParameter RoundsParameter = new(
        "rounds", 4, ParameterRange.Count,
        "K: the run's labels are spent in so many equal parts; 1: all of them on the reference's responses");

    private const string Source =
        "online DPO, arXiv:2402.04792, and iterative DPO, arXiv:2312.11456 (excerpts); who labels is our choice";

    private static readonly string[] Notes =
    [
        "In a study alone, where somebody labels: as many labels and updates as the loss by itself has, and the cost of sampling besides.",
        "Two responses to the prompt of each of the data's pairs, a pair in one round only, at the study's temperature and length.",
        "Two equal responses stay a pair: it costs a label and moves no margin.",
        "The reference stays what it was; Eq. (11)'s share is not measured, since the trained pairs are another's.",
    ];

    /// <summary>K, a whole number of at least 1.</summary>
    public abstract double Rounds { get; init; }

    public sealed override IReadOnlyDictionary<string, double> Parameters =>
        new Dictionary<string, double> { [RoundsParameter.Name] = Rounds };

    public sealed override string Formula => $"(y_w, y_l) ← y₁, y₂ ~ π of the round before, {Labels}; K rounds";

    /// <summary>Who labels, in words.</summary>
    private protected abstract string Labels { get; }

    private protected static RemedyEntry EntryOf(string name, string labelled, string? note, Func<double, OnlinePairs> create) => new()
    {
        Name = name,
        Meaning = $"The policy's own responses, labelled anew in every round by {labelled}, take the place of the data's pairs.",
        Source = Source,
        Claim = new PaperClaim(
            "With labels of its own responses a policy becomes better than with those of the data.",
            "online DPO, arXiv:2402.04792 (an excerpt); as many labels", ClaimedEffect.HigherBest),
        Parameters = [RoundsParameter],
        Notes = note is null ? Notes : [.. Notes, note],
        Build = values => create(values[RoundsParameter]),
    };

    private protected double CheckedRounds(double value) => RoundsParameter.Checked(value, Name);
}

/// <summary>The world's annotators label, with all their noise.</summary>
public sealed record OnlineAnnotators : OnlinePairs
{
    public static RemedyEntry Entry { get; } = EntryOf(
        "online", "the world's annotators", "The study's `labeller` labels here too.", rounds => new OnlineAnnotators { Rounds = rounds });

    public override string Name => "online";

    public required override double Rounds
    {
        get;
        init => field = CheckedRounds(value);
    }

    private protected override string Labels => "chosen by the annotators";
}

/// <summary>The world's gold reward labels, without noise.</summary>
public sealed record OnlineGold : OnlinePairs
{
    public static RemedyEntry Entry { get; } = EntryOf(
        "online-gold", "the world's gold reward", "Labels without noise: more than any annotator gives.",
        rounds => new OnlineGold { Rounds = rounds });

    public override string Name => "online-gold";

    public required override double Rounds
    {
        get;
        init => field = CheckedRounds(value);
    }

    private protected override string Labels => "chosen by the gold reward";
}

/// <summary>The study's reward model labels.</summary>
public sealed record OnlineReward : OnlinePairs
{
    public static RemedyEntry Entry { get; } = EntryOf(
        "online-reward", "the study's reward model",
        "Needs the study's `rlhf.reward`, which is trained on the data's pairs or named; no label is bought anew.",
        rounds => new OnlineReward { Rounds = rounds });

    public override string Name => "online-reward";

    public required override double Rounds
    {
        get;
        init => field = CheckedRounds(value);
    }

    private protected override string Labels => "chosen by the reward model";
}

/// <summary>The study's judge labels.</summary>
public sealed record OnlineJudge : OnlinePairs
{
    public static RemedyEntry Entry { get; } = EntryOf(
        "online-judge", "the study's judge",
        "Needs a reward model as `judge`, and the judge that labels also decides who wins; a judge that is asked over the network is "
            + "refused.",
        rounds => new OnlineJudge { Rounds = rounds });

    public override string Name => "online-judge";

    public required override double Rounds
    {
        get;
        init => field = CheckedRounds(value);
    }

    private protected override string Labels => "chosen by the judge";
}
