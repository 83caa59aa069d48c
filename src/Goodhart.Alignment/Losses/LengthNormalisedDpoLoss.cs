namespace Goodhart.Alignment.Losses;

/// <summary>DPO on log-ratios that are averaged over each response's tokens: −log σ(β·Δ̄).</summary>
public sealed record LengthNormalisedDpoLoss : PairwiseLoss
{
    public static LossEntry Entry { get; } = new()
    {
        Name = "dpo-norm",
        Meaning = "DPO on log-ratios averaged over each response's tokens.",
        Source = "Lambert et al. 2024 (Tülu 3), arXiv:2411.15124",
        Elsewhere = [Tool.Trl("sigmoid_norm"), Tool.OpenInstruct("dpo_norm")],
        BetaMeaning = "the implicit reward is β times the mean log-ratio per token; the usual β is larger by about a response's length",
        UsualBeta = 5,
        Conversions = ["For two responses of n tokens β means what β/n means in dpo."],
        Build = (beta, _) => new LengthNormalisedDpoLoss { Beta = beta },
    };

    public override string Name => "dpo-norm";

    public override string Formula => "−log σ(β·Δ̄), Δ̄ = log(π/π_ref)(y_w)/|y_w| − log(π/π_ref)(y_l)/|y_l|";

    public override bool NeedsReference => true;

    public override double? ValueAtReference => LogSpace.Softplus(0);

    protected override PairGradient Term(PairLogProbs pair)
    {
        double x = Beta * pair.MeanMargin;
        double slope = -Beta * LogSpace.Sigmoid(-x);
        return new(LogSpace.Softplus(-x), slope / pair.ChosenLength, -slope / pair.RejectedLength);
    }
}
