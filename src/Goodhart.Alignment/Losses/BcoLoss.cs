namespace Goodhart.Alignment.Losses;

/// <summary>BCO on pairs: −log σ(r_w − δ) − log σ(−(r_l − δ)), a classifier of rewards around the shift δ.</summary>
public sealed record BcoLoss : PairwiseLoss
{
    private static readonly LossParameter DeltaParameter = new(
        "delta", 0, ParameterRange.Finite, "δ, the reward between good and bad; a constant here, "
            + "a running mean of rewards in the BCO paper");

    public static LossEntry Entry { get; } = new()
    {
        Name = "bco",
        Meaning = "Binary classifier optimisation: chosen rewards above a shift δ, rejected rewards below it.",
        Source = "Jung et al. 2024, arXiv:2404.04656",
        Elsewhere = [Tool.Trl("bco_pair (recent versions, delta = 0)")],
        Parameters = [DeltaParameter],
        Conversions =
        [
            "β scales each reward as in dpo.",
            "TRL's older bco_pair, its BCO trainer and LLaMA-Factory's pref_bco_weight move delta with the running mean of the rewards; "
                + "no constant equals that.",
        ],
        Build = (beta, values) => new BcoLoss { Beta = beta, Delta = values[DeltaParameter] },
    };

    public override string Name => "bco";

    public override string Formula => "−log σ(r_w − δ) − log σ(δ − r_l), r = β·log(π/π_ref)";

    /// <summary>δ, in units of reward: finite.</summary>
    public required double Delta
    {
        get;
        init => field = DeltaParameter.Checked(value, Name);
    }

    public override IReadOnlyDictionary<string, double> Parameters => new Dictionary<string, double> { [DeltaParameter.Name] = Delta };

    public override bool NeedsReference => true;

    public override double? ValueAtReference => LogSpace.Softplus(Delta) + LogSpace.Softplus(-Delta);

    protected override PairGradient Term(PairLogProbs pair)
    {
        double chosen = (Beta * pair.ChosenLogRatio) - Delta;
        double rejected = (Beta * pair.RejectedLogRatio) - Delta;
        return new(
            LogSpace.Softplus(-chosen) + LogSpace.Softplus(rejected), -Beta * LogSpace.Sigmoid(-chosen), Beta * LogSpace.Sigmoid(rejected));
    }
}
