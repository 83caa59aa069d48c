namespace Goodhart.Alignment.Losses;

/// <summary>APO-zero: 1 − σ(r_w) + σ(r_l), which raises the chosen and lowers the rejected log-prob.</summary>
public sealed record ApoZeroLoss : PairwiseLoss
{
    public static LossEntry Entry { get; } = new()
    {
        Name = "apo-zero",
        Meaning = "Anchored preference optimisation for a model worse than the chosen responses: chosen up, rejected down.",
        Source = "D'Oosterlinck et al. 2024, arXiv:2408.06266",
        Elsewhere = [Tool.Trl("apo_zero")],
        Conversions = ["β scales each reward as in dpo."],
        Build = (beta, _) => new ApoZeroLoss { Beta = beta },
    };

    public override string Name => "apo-zero";

    public override string Formula => "1 − σ(r_w) + σ(r_l), r = β·log(π/π_ref)";

    public override bool NeedsReference => true;

    public override double? ValueAtReference => 1;

    protected override PairGradient Term(PairLogProbs pair)
    {
        (double chosen, double rejected) = (Beta * pair.ChosenLogRatio, Beta * pair.RejectedLogRatio);
        return new(
            LogSpace.Sigmoid(-chosen) + LogSpace.Sigmoid(rejected),
            -Beta * LogSpace.SigmoidSlope(chosen),
            Beta * LogSpace.SigmoidSlope(rejected));
    }
}
