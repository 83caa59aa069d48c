namespace Goodhart.Evaluation.Statistics;

/// <summary>Least squares by the normal equations of a scaled design, for refits by the thousand: no allocation, about eight
/// digits.</summary>
/// <remarks><see cref="LeastSquares"/> is the exact one; intervals do not need more digits than this.</remarks>
internal static class NormalEquations
{
    // A pivot of the correlation-like matrix below this: the column is spanned by the others as far as squares of doubles can tell.
    private const double PivotTolerance = 1e-12;

    /// <summary>False where the columns are linearly dependent.</summary>
    /// <param name="design">X row by row, [n·p].</param>
    /// <param name="y">Shape [n].</param>
    /// <param name="coefficients">Result, shape [p], few.</param>
    public static bool TrySolve(ReadOnlySpan<double> design, ReadOnlySpan<double> y, Span<double> coefficients)
    {
        int p = coefficients.Length;
        Span<double> a = stackalloc double[p * p];
        Span<double> b = stackalloc double[p];
        a.Clear();
        b.Clear();
        for (int i = 0; i < y.Length; i++)
        {
            ReadOnlySpan<double> row = design.Slice(i * p, p);
            for (int j = 0; j < p; j++)
            {
                b[j] += row[j] * y[i];
                for (int k = 0; k <= j; k++)
                {
                    a[(j * p) + k] += row[j] * row[k];
                }
            }
        }

        return TrySolveSums(a, b, coefficients);
    }

    /// <summary>From XᵀX (lower triangle, [p·p]) and Xᵀy; both are overwritten.</summary>
    public static bool TrySolveSums(Span<double> a, Span<double> b, Span<double> coefficients)
    {
        int p = coefficients.Length;
        Span<double> scale = stackalloc double[p];
        for (int j = 0; j < p; j++)
        {
            double square = a[(j * p) + j];
            if (!(square > 0 && double.IsFinite(square)))
            {
                return false;
            }

            scale[j] = 1 / Math.Sqrt(square);
        }

        return Factorize(a, scale) && Substitute(a, b, scale, coefficients);
    }

    /// <summary>Cholesky's factor of the matrix scaled to ones on its diagonal, in place.</summary>
    private static bool Factorize(Span<double> a, ReadOnlySpan<double> scale)
    {
        int p = scale.Length;
        for (int j = 0; j < p; j++)
        {
            for (int k = 0; k <= j; k++)
            {
                double sum = a[(j * p) + k] * scale[j] * scale[k];
                for (int m = 0; m < k; m++)
                {
                    sum -= a[(j * p) + m] * a[(k * p) + m];
                }

                if (j == k && !(sum > PivotTolerance))
                {
                    return false;
                }

                a[(j * p) + k] = j == k ? Math.Sqrt(sum) : sum / a[(k * p) + k];
            }
        }

        return true;
    }

    private static bool Substitute(ReadOnlySpan<double> l, ReadOnlySpan<double> b, ReadOnlySpan<double> scale, Span<double> x)
    {
        int p = x.Length;
        for (int j = 0; j < p; j++)
        {
            double sum = b[j] * scale[j];
            for (int m = 0; m < j; m++)
            {
                sum -= l[(j * p) + m] * x[m];
            }

            x[j] = sum / l[(j * p) + j];
        }

        for (int j = p - 1; j >= 0; j--)
        {
            double sum = x[j];
            for (int m = j + 1; m < p; m++)
            {
                sum -= l[(m * p) + j] * x[m];
            }

            x[j] = sum / l[(j * p) + j];
        }

        for (int j = 0; j < p; j++)
        {
            x[j] *= scale[j];
        }

        return true;
    }
}
