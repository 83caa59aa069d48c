using Goodhart.Alignment.Losses;

namespace Goodhart.Alignment.Remedies;

/// <summary>What is evaluated in place of a run's checkpoint: an average of models, tensor by tensor, without any training.</summary>
public abstract record AveragedWeights : Remedy
{
    public sealed override string Kind => "weights of the trained model";

    public sealed override bool IsOfStudies => true;

    private protected static readonly PaperClaim Soups = new(
        "The average is better than the best of its models.", "model soups, arXiv:2203.05482 (common knowledge, not looked up)",
        ClaimedEffect.HigherBest);

    private protected const string NoTraining =
        "Nothing is trained anew: the runs of the loss by itself are averaged, and each average is evaluated like a checkpoint.";
}

/// <summary>Between the reference and the checkpoint. WiSE-FT, Wortsman et al. 2021, arXiv:2109.01903.</summary>
public sealed record WiseFt : AveragedWeights
{
    private static readonly LossParameter AlphaParameter = new(
        "alpha", 0.5, ParameterRange.Between(0, 1), "α, the checkpoint's share; the reference has the rest");

    public static RemedyEntry Entry { get; } = new()
    {
        Name = "wise-ft",
        Meaning = "The reference's weights and the checkpoint's are averaged.",
        Source = "WiSE-FT, arXiv:2109.01903 (common knowledge, not looked up)",
        Claim = new(
            "On the way back to the initialization a policy has more reward at the same KL.",
            "WARP, arXiv:2406.16768, abstract (an excerpt; of policies of reinforcement learning)", ClaimedEffect.HigherAtPeakKl),
        Parameters = [AlphaParameter],
        Notes = [NoTraining],
        Build = values => new WiseFt { Alpha = values[AlphaParameter] },
    };

    public override string Name => "wise-ft";

    public override string Formula => "(1 − α)·θ_ref + α·θ";

    /// <summary>α in (0, 1).</summary>
    public required double Alpha
    {
        get;
        init => field = AlphaParameter.Checked(value, Name);
    }

    public override IReadOnlyDictionary<string, double> Parameters => new Dictionary<string, double> { [AlphaParameter.Name] = Alpha };
}

/// <summary>Over a run's checkpoints. Wortsman et al. 2022, arXiv:2203.05482, of checkpoints in place of runs.</summary>
public sealed record CheckpointSoup : AveragedWeights
{
    public static RemedyEntry Entry { get; } = new()
    {
        Name = "soup",
        Meaning = "The run's checkpoints up to this one are averaged, all alike.",
        Source = "model soups, arXiv:2203.05482 (common knowledge, not looked up)",
        Claim = Soups,
        Notes = [NoTraining],
        Build = _ => new CheckpointSoup(),
    };

    public override string Name => "soup";

    public override string Formula => "mean of θ over the run's checkpoints so far";
}

/// <summary>Over a run's checkpoints, the later ones with more weight, begun at the first.</summary>
public sealed record CheckpointEma : AveragedWeights
{
    private static readonly LossParameter DecayParameter = new(
        "decay", 0.5, ParameterRange.Between(0, 1), "d, what the average so far keeps of its weight at each further checkpoint");

    public static RemedyEntry Entry { get; } = new()
    {
        Name = "ema",
        Meaning = "The run's checkpoints up to this one are averaged, each earlier one with less weight.",
        Source =
            "exponential moving average, Polyak and Juditsky 1992's averaging with a memory that fades (common knowledge, not looked up)",
        Parameters = [DecayParameter],
        Notes =
        [
            NoTraining,
            "Begun at the first checkpoint, and a step at each that the study has, so what a decay means depends on "
                + "`align.checkpoints`; `goodhart average --ema` is the same.",
        ],
        Build = values => new CheckpointEma { Decay = values[DecayParameter] },
    };

    public override string Name => "ema";

    public override string Formula => "e ← d·e + (1 − d)·θ at each checkpoint";

    /// <summary>d in (0, 1).</summary>
    public required double Decay
    {
        get;
        init => field = DecayParameter.Checked(value, Name);
    }

    public override IReadOnlyDictionary<string, double> Parameters => new Dictionary<string, double> { [DecayParameter.Name] = Decay };
}

/// <summary>Over the study's seeds. Wortsman et al. 2022, arXiv:2203.05482.</summary>
public sealed record SeedSoup : AveragedWeights
{
    public static RemedyEntry Entry { get; } = new()
    {
        Name = "seed-soup",
        Meaning = "The checkpoints of all seeds at one β and one fraction of the run are averaged, all alike.",
        Source = "model soups, arXiv:2203.05482 (common knowledge, not looked up)",
        Claim = Soups,
        Notes =
        [
            NoTraining,
            "One model for all seeds, with the labels and the compute of all of them; each seed asks it with its own noise.",
        ],
        Build = _ => new SeedSoup(),
    };

    public override string Name => "seed-soup";

    public override string Formula => "mean of θ over the seeds' runs";
}
