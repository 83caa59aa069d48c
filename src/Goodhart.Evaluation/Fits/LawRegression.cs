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

    /// <summary>Win rates less a fixed R₀.</summary>
    public static double[] Response(Intercept intercept, ReadOnlySpan<double> winRates)
    {
        double anchor = intercept is SftIntercept sft ? sft.WinRate : 0;
        double[] response = winRates.ToArray();
        for (int i = 0; i < response.Length; i++)
        {
            response[i] -= anchor;
        }

        return response;
    }

    public static double InterceptOf(Intercept intercept, double[] coefficients) => intercept switch
    {
        SftIntercept sft => sft.WinRate,
        FreeIntercept => coefficients[0],
        _ => 0,
    };

    public static ReadOnlySpan<double> LawPart(Intercept intercept, double[] coefficients) => coefficients.AsSpan(Offset(intercept));

    private static int Offset(Intercept intercept) => intercept is FreeIntercept ? 1 : 0;
}
