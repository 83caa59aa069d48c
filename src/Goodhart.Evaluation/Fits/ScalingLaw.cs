namespace Goodhart.Evaluation.Fits;

/// <summary>A law R(d) of the distance d = √KL that starts at R₀ and whose rise is, on its scale, linear in its coefficients and zero at
/// d = 0.</summary>
public abstract record ScalingLaw
{
    /// <summary>Its name in results.json.</summary>
    public abstract string Name { get; }

    /// <summary>The law as a person writes it.</summary>
    public abstract string Formula { get; }

    /// <summary>Names of the coefficients, in order.</summary>
    public abstract IReadOnlyList<string> CoefficientNames { get; }

    /// <summary>Where the law is linear: the win rate itself, unless a law says otherwise.</summary>
    public virtual RateScale Scale => RateScale.Identity;

    /// <summary>What each coefficient multiplies at distance <paramref name="d"/>: one row of the design matrix.</summary>
    public abstract void Basis(double d, Span<double> row);

    /// <summary>Where the law is highest and by how much it rises there above R₀, on its scale; null where it has no maximum at d &gt;
    /// 0.</summary>
    /// <param name="coefficients">In the order of <see cref="CoefficientNames"/>.</param>
    public abstract LawPeak? Peak(ReadOnlySpan<double> coefficients);

    /// <summary>R at d.</summary>
    /// <param name="intercept">R₀, a rate.</param>
    public double Value(double intercept, double d, ReadOnlySpan<double> coefficients) => Risen(intercept, Rise(d, coefficients));

    /// <summary>R where the law has risen by so much, on its scale.</summary>
    public double Risen(double intercept, double rise) => Scale.Rate(Scale.Of(intercept) + rise);

    /// <summary>R(d) − R₀, on the law's scale.</summary>
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

    /// <summary>The laws of section 3.2, Eq. (5) and the two quadratics it is compared with, and Eq. (5) on the logit's scale.</summary>
    public static IReadOnlyList<ScalingLaw> All { get; } =
        [new GaoLaw(), new QuadraticSqrtKlLaw(), new QuadraticKlLaw(), new GaoLogitLaw()];

    /// <summary>Those that fit what is no rate, as a reward.</summary>
    public static IReadOnlyList<ScalingLaw> Unbounded { get; } = [.. All.Where(law => law.Scale == RateScale.Identity)];
}

/// <param name="SqrtKl">d at the maximum.</param>
/// <param name="Rise">R − R₀ there, on the law's scale.</param>
public readonly record struct LawPeak(double SqrtKl, double Rise);
