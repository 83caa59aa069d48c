namespace Goodhart.Alignment.Losses;

/// <summary>f-DPO with the forward KL: −log σ(β·(s_w − s_l)), s = −π_ref/π.</summary>
public sealed record ForwardKlDpoLoss : PairwiseLoss
{
    public static LossEntry Entry { get; } = new()
    {
        Name = "dpo-forward-kl",
        Meaning = "DPO under a forward instead of a reverse KL constraint: a response's reward is −π_ref/π.",
        Source = "Wang et al. 2023 (f-DPO), arXiv:2309.16240",
        Elsewhere = [Tool.Trl("sigmoid with f_divergence_type=forward_kl")],
        BetaMeaning = "weight of the divergence; near the reference it acts as β of dpo",
        Conversions = ["Infinite where a response has lost more than 709 nats against the reference: e^709 is the largest double."],
        Build = (beta, _) => new ForwardKlDpoLoss { Beta = beta },
    };

    public override string Name => "dpo-forward-kl";

    public override string Formula => "−log σ(β·(s_w − s_l)), s = −π_ref/π";

    public override bool NeedsReference => true;

    public override double? ValueAtReference => LogSpace.Softplus(0);

    protected override PairGradient Term(PairLogProbs pair)
    {
        (double chosen, double rejected) = (-pair.ChosenLogRatio, -pair.RejectedLogRatio);
        double x = Beta * LogSpace.ExpDifference(rejected, chosen);
        double slope = Beta * LogSpace.Sigmoid(-x);

        // Where the slope underflows it does so faster than the ratio grows.
        return new(LogSpace.Softplus(-x), -LogSpace.Weighted(slope, Math.Exp(chosen)), LogSpace.Weighted(slope, Math.Exp(rejected)));
    }
}
