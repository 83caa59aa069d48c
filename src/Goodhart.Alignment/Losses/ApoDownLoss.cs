namespace Goodhart.Alignment.Losses;

/// <summary>APO-down: σ(r_w) + 1 − σ(r_w − r_l), which lowers both log-probs, the rejected one more.</summary>
public sealed record ApoDownLoss : PairwiseLoss
{
    public static LossEntry Entry { get; } = new()
    {
        Name = "apo-down",
        Meaning = "Anchored preference optimisation for a model better than the chosen responses: both down, rejected more.",
        Source = "D'Oosterlinck et al. 2024, arXiv:2408.06266",
        Elsewhere = [Tool.Trl("apo_down")],
        Conversions = ["β scales each reward as in dpo."],
        Build = (beta, _) => new ApoDownLoss { Beta = beta },
    };

    public override string Name => "apo-down";

    public override string Formula => "σ(r_w) + 1 − σ(r_w − r_l), r = β·log(π/π_ref)";

    public override bool NeedsReference => true;

    public override double? ValueAtReference => 1;

    protected override PairGradient Term(PairLogProbs pair)
    {
        double chosen = Beta * pair.ChosenLogRatio;
        double x = Beta * pair.Margin;
        double margin = LogSpace.SigmoidSlope(x);
        return new(LogSpace.Sigmoid(chosen) + LogSpace.Sigmoid(-x), Beta * (LogSpace.SigmoidSlope(chosen) - margin), Beta * margin);
    }
}
