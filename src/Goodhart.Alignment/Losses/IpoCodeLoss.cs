namespace Goodhart.Alignment.Losses;

/// <summary>
/// IPO as the public DPO code has it: (Δ − 1/(2β))², log-ratios summed, not averaged, over tokens. The margin is drawn to Δ = 1/(2β).
/// </summary>
/// <remarks>In x = β·Δ it is g(x) = ((x − ½)/β)²: of Eq. (4)'s form, with a g that depends on β.</remarks>
public sealed record IpoCodeLoss : DirectAlignmentLoss
{
    public static LossEntry Entry { get; } = new()
    {
        Name = "ipo-code",
        Meaning = "IPO as the public DPO code has it, with summed log-probs: the margin is drawn to Δ = 1/(2β).",
        Source = "Azar et al. 2023, arXiv:2310.12036; eric-mitchell/direct-preference-optimization, preference_loss(ipo=True)",
        Elsewhere = [Tool.Reference("preference_loss(ipo=True)"), Tool.OpenRlhf("ipo_enable"), new("TRL online DPO", "ipo")],
        BetaMeaning = "half the inverse of the margin aimed at, per nat (τ in the IPO paper)",
        Conversions =
        [
            "Aims at the margin that ipo at 2β aims at.",
            "Against ipo-mean at the same β the summed margin aimed at is smaller by about the response's length in tokens.",
        ],
        Build = (beta, _) => new IpoCodeLoss { Beta = beta },
    };

    public override string Name => "ipo-code";

    public override string Formula => "(Δ − 1/(2β))²";

    public override double G(double x)
    {
        double distance = (x - 0.5) / Beta;
        return distance * distance;
    }

    public override double Slope(double x) => 2 * (x - 0.5) / (Beta * Beta);
}
