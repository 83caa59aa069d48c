namespace Goodhart.Alignment.Losses;

/// <summary>SPPO with hard labels: (log-ratio of y_w − 1/(2β))² + (log-ratio of y_l + 1/(2β))².</summary>
public sealed record SppoLoss : PairwiseLoss
{
    public static LossEntry Entry { get; } = new()
    {
        Name = "sppo",
        Meaning = "Self-play preference optimisation with hard labels, on given pairs: each log-ratio is drawn to a target of its own.",
        Source = "Wu et al. 2024, arXiv:2405.00675",
        Elsewhere = [Tool.Trl("sppo_hard")],
        BetaMeaning = "half the inverse of the log-ratio aimed at, per nat",
        Conversions = ["The margin aimed at is 1/β, as in ipo at β; ipo-code aims at half of it."],
        Build = (beta, _) => new SppoLoss { Beta = beta },
    };

    public override string Name => "sppo";

    public override string Formula => "(log(π/π_ref)(y_w) − 1/(2β))² + (log(π/π_ref)(y_l) + 1/(2β))²";

    public override bool NeedsReference => true;

    public override double? ValueAtReference => 1 / (2 * Beta * Beta);

    protected override PairGradient Term(PairLogProbs pair)
    {
        double target = 1 / (2 * Beta);
        (double chosen, double rejected) = (pair.ChosenLogRatio - target, pair.RejectedLogRatio + target);
        return new((chosen * chosen) + (rejected * rejected), 2 * chosen, 2 * rejected);
    }
}
