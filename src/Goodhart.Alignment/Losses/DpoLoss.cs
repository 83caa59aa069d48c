namespace Goodhart.Alignment.Losses;

/// <summary>DPO, Eq. (4) with g(x) = −log σ(x), the negative log-likelihood of the preferences under Bradley-Terry.</summary>
public sealed record DpoLoss : DirectAlignmentLoss
{
    public override string Name => "dpo";

    public override string Formula => "−log σ(β·Δ)";

    public override double G(double x) => LogSpace.Softplus(-x);

    public override double Slope(double x) => -LogSpace.Sigmoid(-x);
}
