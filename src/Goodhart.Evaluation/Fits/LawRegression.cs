namespace Goodhart.Evaluation.Fits;

/// <summary>A law and an intercept as a linear regression: what the columns, the response and the coefficients are.</summary>
internal static class LawRegression
{
    public static int Parameters(ScalingLaw law, Intercept intercept) => law.CoefficientNames.Count + Offset(intercept);

    /// <summary>Shape [n, p]: a column of ones where R₀ is free, then the law's columns.</summary>
    public static double[,] Design(ScalingLaw law, Intercept intercept, ReadOnlySpan<double> sqrtKl)
    {
        int offset = Offset(intercept);
        double[,] design = new double[sqrtKl.Length, Parameters(law, intercept)];
        Span<double> row = stackalloc double[law.CoefficientNames.Count];
        for (int i = 0; i < sqrtKl.Length; i++)
        {
            if (offset == 1)
            {
                design[i, 0] = 1;
            }

            law.Basis(sqrtKl[i], row);
            for (int j = 0; j < row.Length; j++)
            {
                design[i, offset + j] = row[j];
            }
        }

        return design;
    }

    /// <summary>What is added to every row: a fixed R₀ on the law's scale.</summary>
    public static double Anchor(ScalingLaw law, Intercept intercept) => intercept is SftIntercept sft ? law.Scale.Of(sft.WinRate) : 0;

    /// <summary>R₀ as a rate; without an intercept it is the rate at the scale's zero.</summary>
    public static double InterceptOf(ScalingLaw law, Intercept intercept, double[] coefficients) => intercept switch
    {
        SftIntercept sft => sft.WinRate,
        FreeIntercept => law.Scale.Rate(coefficients[0]),
        _ => law.Scale.Rate(0),
    };

    public static ReadOnlySpan<double> LawPart(Intercept intercept, double[] coefficients) => coefficients.AsSpan(Offset(intercept));

    private static int Offset(Intercept intercept) => intercept is FreeIntercept ? 1 : 0;
}
