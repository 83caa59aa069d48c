namespace Goodhart.Alignment.Losses;

/// <summary>SLiC's hinge as the paper states it below Eq. (4): g(x) = max(0, 1 − x), without SLiC's regularising term.</summary>
public sealed record SlicLoss : DirectAlignmentLoss
{
    public static LossEntry Entry { get; } = new()
    {
        Name = "slic",
        Meaning = "The hinge on implicit rewards that the over-optimization paper calls SLiC; RSO has it too.",
        Source = "Rafailov et al. 2024, arXiv:2406.02900, below Eq. (4): g(x) = max(0, 1 − x); Liu et al. 2023, arXiv:2309.06657",
        Elsewhere = [Tool.Trl("hinge"), Tool.LlamaFactory("hinge"), Tool.Torchtune("RSOLoss")],
        Conversions = ["The hinge closes at Δ = 1/β.", "The original SLiC-HF, without a reference and with an NLL term, is slic-hf."],
        Build = (beta, _) => new SlicLoss { Beta = beta },
    };

    public override string Name => "slic";

    public override string Formula => "max(0, 1 − β·Δ)";

    /// <remarks>Written so that a NaN margin gives a NaN loss, which stops the run, not 0, which would hide it.</remarks>
    public override double G(double x) => x >= 1 ? 0 : 1 - x;

    /// <remarks>0 at the kink x = 1, as the derivative of relu is taken at 0.</remarks>
    public override double Slope(double x) => x >= 1 ? 0 : -1;
}
