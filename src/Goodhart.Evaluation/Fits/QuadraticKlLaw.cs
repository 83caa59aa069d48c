namespace Goodhart.Evaluation.Fits;

/// <summary>R = R₀ + a K + b K² with K = d²: a quadratic in the KL itself.</summary>
public sealed record QuadraticKlLaw : ScalingLaw
{
    public override string Name => "quadratic-kl";

    public override string Formula => "R₀ + a K + b K²";

    public override IReadOnlyList<string> CoefficientNames { get; } = ["a", "b"];

    public override void Basis(double d, Span<double> row)
    {
        row[0] = d * d;
        row[1] = d * d * d * d;
    }

    public override LawPeak? Peak(ReadOnlySpan<double> coefficients)
    {
        (double a, double b) = (coefficients[0], coefficients[1]);
        double kl = -a / (2 * b);
        return b < 0 && kl > 0 && double.IsFinite(kl) ? new(Math.Sqrt(kl), a * kl / 2) : null;
    }
}
