namespace Goodhart.Alignment.Losses;

/// <summary>IPO as the paper states it below Eq. (4): g(x) = (x − 1)². The margin is drawn to Δ = 1/β.</summary>
/// <remarks>
/// Not the loss of the reference code, which is <see cref="IpoCodeLoss"/>: paper(Δ; β) = β²·code(Δ; β/2). The same β means another target.
/// </remarks>
public sealed record IpoLoss : DirectAlignmentLoss
{
    public override string Name => "ipo";

    public override string Formula => "(β·Δ − 1)²";

    public override double G(double x) => (x - 1) * (x - 1);

    public override double Slope(double x) => 2 * (x - 1);
}
