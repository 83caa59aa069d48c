namespace Goodhart.Evaluation.Fits;

/// <summary>Eq. (5), Gao et al.: R(d) = R₀ + d (α − β ln d). Its β is not the loss's.</summary>
public sealed record GaoLaw : ScalingLaw
{
    public override string Name => "gao";

    public override string Formula => "R₀ + d (α − β ln d)";

    public override IReadOnlyList<string> CoefficientNames { get; } = ["alpha", "beta"];

    public override void Basis(double d, Span<double> row)
    {
        row[0] = d;
        row[1] = d > 0 ? -d * Math.Log(d) : 0;   // the limit at zero
    }

    /// <summary>R' = α − β − β ln d vanishes at d* = exp(α/β − 1), a maximum where β &gt; 0, of height β·d*.</summary>
    public override LawPeak? Peak(ReadOnlySpan<double> coefficients)
    {
        (double alpha, double beta) = (coefficients[0], coefficients[1]);
        double place = Math.Exp((alpha / beta) - 1);
        return beta > 0 && place > 0 && double.IsFinite(place) ? new(place, beta * place) : null;
    }
}
