namespace Goodhart.Alignment.Losses;

/// <summary>
/// IPO as the public DPO code has it: (Δ − 1/(2β))², log-ratios summed, not averaged, over tokens. The margin is drawn to Δ = 1/(2β).
/// </summary>
/// <remarks>In x = β·Δ it is g(x) = ((x − ½)/β)²: of Eq. (4)'s form, with a g that depends on β.</remarks>
public sealed record IpoCodeLoss : DirectAlignmentLoss
{
    public override string Name => "ipo-code";

    public override string Formula => "(Δ − 1/(2β))²";

    public override double G(double x)
    {
        double distance = (x - 0.5) / Beta;
        return distance * distance;
    }

    public override double Slope(double x) => 2 * (x - 0.5) / (Beta * Beta);
}
