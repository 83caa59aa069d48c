using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.LinearAlgebra.Factorization;

namespace Goodhart.Evaluation.Statistics;

/// <summary>Ordinary least squares by QR of the column-scaled design matrix.</summary>
public static class LeastSquares
{
    // Columns of length one: a diagonal of R below this is a column that the others already span.
    private const double RankTolerance = 1e-12;

    /// <summary>Fits y = X·b. Null where the columns of X are linearly dependent.</summary>
    /// <param name="design">X, shape [n, p], n ≥ p.</param>
    /// <param name="y">Shape [n].</param>
    public static LeastSquaresFit? Fit(double[,] design, ReadOnlySpan<double> y)
    {
        RequireShapes(design, y);
        if (Factorize(design) is not { } factors)
        {
            return null;
        }

        double[] response = y.ToArray();
        double[] coefficients = factors.Solve(response);
        double[] fitted = [.. Matrix<double>.Build.DenseOfArray(design) * Vector<double>.Build.Dense(coefficients)];
        return new()
        {
            Coefficients = coefficients,
            Response = response,
            Fitted = fitted,
            Leverages = [.. factors.Qr.Q.EnumerateRows().Select(row => row.DotProduct(row))],
            CrossProductInverse = factors.CrossProductInverse(),
        };
    }

    /// <summary>The coefficients alone, for refits by the thousand. Null where the columns of X are linearly dependent.</summary>
    public static double[]? Coefficients(double[,] design, ReadOnlySpan<double> y)
    {
        RequireShapes(design, y);
        return Factorize(design)?.Solve(y.ToArray());
    }

    private static Factors? Factorize(double[,] design)
    {
        Matrix<double> columns = Matrix<double>.Build.DenseOfArray(design);
        Vector<double> norms = columns.ColumnNorms(2);
        if (norms.Any(norm => !(norm > 0 && double.IsFinite(norm))))
        {
            return null;
        }

        // Powers of d differ by orders of magnitude; unit columns make the rank test and the factors independent of units.
        columns = columns.MapIndexed((_, column, value) => value / norms[column]);
        QR<double> qr = columns.QR(QRMethod.Thin);
        return qr.R.Diagonal().Any(value => Math.Abs(value) < RankTolerance) ? null : new(qr, norms);
    }

    private static void RequireShapes(double[,] design, ReadOnlySpan<double> y)
    {
        if (design.GetLength(0) != y.Length || y.Length < design.GetLength(1) || design.GetLength(1) == 0)
        {
            throw new ArgumentException(
                $"Least squares: expected X [n, p] and y [n] with n ≥ p ≥ 1, got X [{design.GetLength(0)}, {design.GetLength(1)}] and y "
                + $"[{y.Length}].");
        }
    }

    private sealed record Factors(QR<double> Qr, Vector<double> Norms)
    {
        public double[] Solve(double[] y) => [.. Qr.Solve(Vector<double>.Build.Dense(y)).PointwiseDivide(Norms)];

        /// <summary>(XᵀX)⁻¹ = D⁻¹ R⁻¹ R⁻ᵀ D⁻¹ with D the column norms.</summary>
        public double[,] CrossProductInverse()
        {
            Matrix<double> inverse = Qr.R.Inverse();
            return (inverse * inverse.Transpose()).MapIndexed((i, j, value) => value / (Norms[i] * Norms[j])).ToArray();
        }
    }
}
