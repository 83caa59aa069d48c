namespace Goodhart.Alignment.Losses;

/// <summary>NCA on pairs: −log σ(r_w) − ½·log σ(−r_w) − ½·log σ(−r_l), r the implicit rewards; it holds their level, not only their
/// difference.</summary>
public sealed record NcaLoss : PairwiseLoss
{
    public static LossEntry Entry { get; } = new()
    {
        Name = "nca",
        Meaning = "Noise-contrastive alignment: rewards are classified one by one, which keeps the chosen log-prob from falling.",
        Source = "Chen et al. 2024, arXiv:2402.05369",
        Elsewhere = [Tool.Trl("nca_pair")],
        Conversions = ["β scales each reward as in dpo, but the optimum has the chosen reward at log 2 and not the margin alone."],
        Build = (beta, _) => new NcaLoss { Beta = beta },
    };

    public override string Name => "nca";

    public override string Formula => "−log σ(r_w) − ½·log σ(−r_w) − ½·log σ(−r_l), r = β·log(π/π_ref)";

    public override bool NeedsReference => true;

    public override double? ValueAtReference => 2 * LogSpace.Softplus(0);

    protected override PairGradient Term(PairLogProbs pair)
    {
        (double chosen, double rejected) = (Beta * pair.ChosenLogRatio, Beta * pair.RejectedLogRatio);
        return new(
            LogSpace.Softplus(-chosen) + (0.5 * LogSpace.Softplus(chosen)) + (0.5 * LogSpace.Softplus(rejected)),
            Beta * ((0.5 * LogSpace.Sigmoid(chosen)) - LogSpace.Sigmoid(-chosen)),
            0.5 * Beta * LogSpace.Sigmoid(rejected));
    }
}
