namespace Goodhart.Evaluation.Fits;

/// <summary>R(d) = R₀ + a d + b d²: a quadratic in √KL.</summary>
public sealed record QuadraticSqrtKlLaw : ScalingLaw
{
    public override string Name => "quadratic-sqrt-kl";

    public override string Formula => "R₀ + a d + b d²";

    public override IReadOnlyList<string> CoefficientNames { get; } = ["a", "b"];

    public override void Basis(double d, Span<double> row)
    {
        row[0] = d;
        row[1] = d * d;
    }

    public override LawPeak? Peak(ReadOnlySpan<double> coefficients)
    {
        (double a, double b) = (coefficients[0], coefficients[1]);
        double place = -a / (2 * b);
        return b < 0 && place > 0 && double.IsFinite(place) ? new(place, a * place / 2) : null;
    }
}
