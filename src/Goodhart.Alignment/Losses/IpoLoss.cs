namespace Goodhart.Alignment.Losses;

/// <summary>IPO as the paper states it below Eq. (4): g(x) = (x − 1)². The margin is drawn to Δ = 1/β.</summary>
/// <remarks>
/// Not the loss of the reference code, which is <see cref="IpoCodeLoss"/>: paper(Δ; β) = β²·code(Δ; β/2). The same β means another target.
/// </remarks>
public sealed record IpoLoss : DirectAlignmentLoss
{
    public static LossEntry Entry { get; } = new()
    {
        Name = "ipo",
        Meaning = "IPO as the over-optimization paper states it: the margin is drawn to Δ = 1/β.",
        Source = "Rafailov et al. 2024, arXiv:2406.02900, below Eq. (4): g(x) = (x − 1)²; after Azar et al. 2023, arXiv:2310.12036",
        Conversions =
        [
            "The minimum is at Δ = 1/β; that of ipo-code at 1/(2β): ipo at β and ipo-code at β/2 aim at the same margin.",
            "ipo(Δ; β) = β²·ipo-code(Δ; β/2): gradients differ by β², which clipping and RMSProp do not hide.",
            "No other tool computes it: TRL's and LLaMA-Factory's 'ipo' is ipo-mean, the reference code's and OpenRLHF's is ipo-code.",
        ],
        Build = (beta, _) => new IpoLoss { Beta = beta },
    };

    public override string Name => "ipo";

    public override string Formula => "(β·Δ − 1)²";

    public override double G(double x) => (x - 1) * (x - 1);

    public override double Slope(double x) => 2 * (x - 1);
}
