namespace Goodhart.Alignment.Losses;

/// <summary>f-DPO with the Jensen-Shannon divergence: −log σ(β·(s_w − s_l)), s = log σ(log-ratio) up to a constant.</summary>
public sealed record JensenShannonDpoLoss : PairwiseLoss
{
    public static LossEntry Entry { get; } = new()
    {
        Name = "dpo-js",
        Meaning = "DPO under a Jensen-Shannon instead of a KL constraint: rewards of responses that gained are bounded.",
        Source = "Wang et al. 2023 (f-DPO), arXiv:2309.16240",
        Elsewhere = [Tool.Trl("sigmoid with f_divergence_type=js_divergence")],
        BetaMeaning = "weight of the divergence; near the reference it acts as β/2 of dpo",
        Build = (beta, _) => new JensenShannonDpoLoss { Beta = beta },
    };

    public override string Name => "dpo-js";

    public override string Formula => "−log σ(β·(s_w − s_l)), s = log σ(log(π/π_ref))";

    public override bool NeedsReference => true;

    public override double? ValueAtReference => LogSpace.Softplus(0);

    protected override PairGradient Term(PairLogProbs pair)
    {
        (double chosen, double rejected) = (pair.ChosenLogRatio, pair.RejectedLogRatio);
        double x = Beta * (LogSpace.LogSigmoid(chosen) - LogSpace.LogSigmoid(rejected));
        double slope = -Beta * LogSpace.Sigmoid(-x);
        return new(LogSpace.Softplus(-x), slope * LogSpace.Sigmoid(-chosen), -slope * LogSpace.Sigmoid(-rejected));
    }
}
