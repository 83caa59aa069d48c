namespace Goodhart.Alignment.Losses;

/// <summary>DPO, Eq. (4) with g(x) = −log σ(x), the negative log-likelihood of the preferences under Bradley-Terry.</summary>
public sealed record DpoLoss : DirectAlignmentLoss
{
    public static LossEntry Entry { get; } = new()
    {
        Name = "dpo",
        Meaning = "The negative log-likelihood of the preferences under Bradley-Terry with implicit rewards.",
        Source = "Rafailov et al. 2023, arXiv:2305.18290; Eq. (4) with g(x) = −log σ(x)",
        Elsewhere =
        [
            Tool.Reference("loss=dpo"), Tool.Trl("sigmoid"), Tool.OpenRlhf("DPOLoss"), Tool.LlamaFactory("sigmoid"),
            Tool.Torchtune("DPOLoss"), Tool.Halos("dpo"),
        ],
        Build = (beta, _) => new DpoLoss { Beta = beta },
    };

    public override string Name => "dpo";

    public override string Formula => "−log σ(β·Δ)";

    public override double G(double x) => LogSpace.Softplus(-x);

    public override double Slope(double x) => -LogSpace.Sigmoid(-x);
}
