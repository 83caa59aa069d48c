namespace Goodhart.Alignment.Losses;

/// <summary>IPO on log-ratios that are averaged over each response's tokens: (Δ̄ − 1/(2β))².</summary>
public sealed record IpoMeanLoss : PairwiseLoss
{
    public static LossEntry Entry { get; } = new()
    {
        Name = "ipo-mean",
        Meaning = "IPO on log-ratios averaged over each response's tokens: the mean margin is drawn to 1/(2β).",
        Source = "TRL's DPO trainer, loss_type ipo; after Azar et al. 2023, arXiv:2310.12036",
        Elsewhere = [Tool.Trl("ipo"), Tool.LlamaFactory("ipo"), Tool.Halos("ipo")],
        BetaMeaning = "half the inverse of the margin aimed at per token (τ in the IPO paper)",
        Conversions =
        [
            "For responses of n tokens it aims at a summed margin of n/(2β): that of ipo-code at β/n, of ipo at 2β/n.",
            "LLaMA-Factory's current code may run another loss under this name: it does not pass loss_type on to TRL 0.24.",
        ],
        Build = (beta, _) => new IpoMeanLoss { Beta = beta },
    };

    public override string Name => "ipo-mean";

    public override string Formula => "(Δ̄ − 1/(2β))², Δ̄ = log(π/π_ref)(y_w)/|y_w| − log(π/π_ref)(y_l)/|y_l|";

    public override bool NeedsReference => true;

    public override double? ValueAtReference => 1 / (4 * Beta * Beta);

    protected override PairGradient Term(PairLogProbs pair)
    {
        double distance = pair.MeanMargin - (1 / (2 * Beta));
        return new(distance * distance, 2 * distance / pair.ChosenLength, -2 * distance / pair.RejectedLength);
    }
}
