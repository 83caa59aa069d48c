namespace Goodhart.Evaluation.Fits;

/// <summary>Eq. (5) for the logit of the win rate: logit R(d) = logit R₀ + d (α − β ln d), which no d takes out of [0, 1].</summary>
/// <remarks>Ours, beside Eq. (5) as printed: Gao et al. fit rewards, which have no bounds. Its α and β are in logits.</remarks>
public sealed record GaoLogitLaw : ScalingLaw
{
    private static readonly GaoLaw Printed = new();

    public override string Name => "gao-logit";

    public override string Formula => "σ(logit R₀ + d (α − β ln d))";

    public override IReadOnlyList<string> CoefficientNames => Printed.CoefficientNames;

    public override RateScale Scale => RateScale.Logit;

    public override void Basis(double d, Span<double> row) => Printed.Basis(d, row);

    /// <summary>The logit is highest where the rate is.</summary>
    public override LawPeak? Peak(ReadOnlySpan<double> coefficients) => Printed.Peak(coefficients);
}
