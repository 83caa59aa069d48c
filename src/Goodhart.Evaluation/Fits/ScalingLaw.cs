namespace Goodhart.Evaluation.Fits;

/// <summary>A law R(d) − R₀ of the distance d = √KL that is linear in its coefficients and zero at d = 0.</summary>
public abstract record ScalingLaw
{
    /// <summary>Its name in results.json.</summary>
    public abstract string Name { get; }

    /// <summary>The law as a person writes it.</summary>
    public abstract string Formula { get; }

    /// <summary>Names of the coefficients, in order.</summary>
    public abstract IReadOnlyList<string> CoefficientNames { get; }

    /// <summary>What each coefficient multiplies at distance <paramref name="d"/>: one row of the design matrix.</summary>
    public abstract void Basis(double d, Span<double> row);

    /// <summary>Where the law is highest and by how much it rises there above R₀; null where it has no maximum at d &gt; 0.</summary>
    /// <param name="coefficients">In the order of <see cref="CoefficientNames"/>.</param>
    public abstract LawPeak? Peak(ReadOnlySpan<double> coefficients);

    /// <summary>R(d) − R₀.</summary>
    public double Rise(double d, ReadOnlySpan<double> coefficients)
    {
        Span<double> row = stackalloc double[coefficients.Length];
        Basis(d, row);
        double rise = 0;
        for (int i = 0; i < row.Length; i++)
        {
            rise += coefficients[i] * row[i];
        }

        return rise;
    }

    /// <summary>The laws of section 3.2: Eq. (5) and the two quadratics it is compared with.</summary>
    public static IReadOnlyList<ScalingLaw> All { get; } = [new GaoLaw(), new QuadraticSqrtKlLaw(), new QuadraticKlLaw()];
}

/// <param name="SqrtKl">d at the maximum.</param>
/// <param name="Rise">R − R₀ there.</param>
public readonly record struct LawPeak(double SqrtKl, double Rise);
