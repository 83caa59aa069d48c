namespace Goodhart.Alignment.Losses;

/// <summary>SimPO: −log σ(β·(mean log π(y_w) − mean log π(y_l)) − γ), means over tokens, no reference.</summary>
public sealed record SimPoLoss : PairwiseLoss
{
    private static readonly LossParameter GammaParameter = new(
        "gamma", 0.5, ParameterRange.AtLeast0, "γ, the margin that is aimed at, in units of reward");

    public static LossEntry Entry { get; } = new()
    {
        Name = "simpo",
        Meaning = "DPO on mean log-probs per token without a reference, with a margin to reach.",
        Source = "Meng et al. 2024, arXiv:2405.14734",
        Elsewhere =
        [
            Tool.SimPo("sigmoid"), Tool.Trl("CPOTrainer simpo"), Tool.LlamaFactory("simpo"), Tool.Halos("simpo"),
            Tool.OpenInstruct("simpo"),
        ],
        Parameters = [GammaParameter],
        BetaMeaning = "the implicit reward is β times the policy's mean log-prob per token",
        UsualBeta = 2,
        Conversions =
        [
            "gamma = β · gamma_beta_ratio of the SimPO code; gamma = simpo_gamma of TRL.",
            "β of dpo is per summed nat: 2 per mean nat is 2/n per summed nat for responses of n tokens.",
        ],
        Build = (beta, values) => new SimPoLoss { Beta = beta, Gamma = values[GammaParameter] },
    };

    public override string Name => "simpo";

    public override string Formula => "−log σ(β·(log π(y_w)/|y_w| − log π(y_l)/|y_l|) − γ)";

    /// <summary>γ: finite, at least 0.</summary>
    public required double Gamma
    {
        get;
        init => field = GammaParameter.Checked(value, Name);
    }

    public override IReadOnlyDictionary<string, double> Parameters => new Dictionary<string, double> { [GammaParameter.Name] = Gamma };

    public override bool NeedsReference => false;

    public override double? ValueAtReference => null;

    public override PairScores Scores(PairLogProbs pair) => new(pair.PolicyChosenMean, pair.PolicyRejectedMean);

    protected override PairGradient Term(PairLogProbs pair)
    {
        double x = (Beta * Scores(pair).Margin) - Gamma;
        double slope = -Beta * LogSpace.Sigmoid(-x);
        return new(LogSpace.Softplus(-x), slope / pair.ChosenLength, -slope / pair.RejectedLength);
    }
}
