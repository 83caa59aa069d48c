using MathNet.Numerics.LinearAlgebra;

namespace Goodhart.Evaluation.Statistics;

/// <summary>Maximum-likelihood logistic regression of shares in [0, 1] by Newton's method (iteratively reweighted least squares).</summary>
/// <remarks>Shares between 0 and 1 are means over a unit's samples, or ties: then the score equations are the same and the covariance has
/// to be the robust one, which <see cref="LogisticFit"/> uses throughout.</remarks>
public static class LogisticRegression
{
    private const int MostIterations = 60;
    private const double Converged = 1e-10;

    // |η| beyond this is a probability that double-precision noise cannot tell from 0 or 1: the likelihood has no finite maximum.
    private const double Separated = 25;

    /// <summary>Null where the maximum does not exist: columns linearly dependent, or classes separated by them.</summary>
    /// <param name="design">X, shape [n, p]; bring the column of ones yourself.</param>
    /// <param name="shares">y in [0, 1], shape [n].</param>
    /// <param name="offset">Added to every unit's X·b, in logits, and not estimated.</param>
    public static LogisticFit? Fit(double[,] design, ReadOnlySpan<double> shares, double offset = 0)
    {
        if (design.GetLength(0) != shares.Length || shares.Length < design.GetLength(1))
        {
            throw new ArgumentException(
                $"Logistic regression: expected X [n, p] and y [n] with n ≥ p, got X [{design.GetLength(0)}, {design.GetLength(1)}] and y "
                + $"[{shares.Length}].");
        }

        if (shares.ContainsAnyExceptInRange(0, 1))
        {
            throw new ArgumentException("Logistic regression: expected shares between 0 and 1.", nameof(shares));
        }

        Matrix<double> x = Matrix<double>.Build.DenseOfArray(design);
        Vector<double> y = Vector<double>.Build.Dense(shares.ToArray());
        if (x.Rank() < x.ColumnCount)
        {
            return null;
        }

        Vector<double> b = Vector<double>.Build.Dense(x.ColumnCount);
        double likelihood = LogLikelihood((x * b) + offset, y);
        for (int iteration = 0; iteration < MostIterations; iteration++)
        {
            Vector<double> p = ((x * b) + offset).Map(Sigmoid);
            Matrix<double> information = Information(x, p);
            if (!(information.ConditionNumber() < 1e14))
            {
                return null;
            }

            Vector<double> step = information.Solve(x.TransposeThisAndMultiply(y - p));
            (b, double next) = Uphill(x, y, offset, b, step, likelihood);
            if (((x * b) + offset).AbsoluteMaximum() > Separated)
            {
                return null;
            }

            bool done = step.L2Norm() <= Converged * (1 + b.L2Norm());
            likelihood = next;
            if (done)
            {
                return Describe(x, y, offset, b);
            }
        }

        return null;
    }

    /// <summary>1/(1 + e⁻ˣ), without overflow.</summary>
    public static double Sigmoid(double x) => x >= 0 ? 1 / (1 + Math.Exp(-x)) : Math.Exp(x) / (1 + Math.Exp(x));

    // Newton's step overshoots where the likelihood is flat: halve it until it does not fall.
    private static (Vector<double> B, double LogLikelihood) Uphill(
        Matrix<double> x, Vector<double> y, double offset, Vector<double> b, Vector<double> step, double likelihood)
    {
        for (double length = 1; length > 1e-6; length /= 2)
        {
            Vector<double> next = b + (length * step);
            double reached = LogLikelihood((x * next) + offset, y);
            if (reached >= likelihood - 1e-12)
            {
                return (next, reached);
            }
        }

        return (b, likelihood);
    }

    private static LogisticFit Describe(Matrix<double> x, Vector<double> y, double offset, Vector<double> b)
    {
        Vector<double> p = ((x * b) + offset).Map(Sigmoid);
        Matrix<double> bread = Information(x, p).Inverse();

        // Row i: how unit i moves the coefficients, (XᵀWX)⁻¹ xᵢ (yᵢ − pᵢ).
        Matrix<double> moves = Matrix<double>.Build.Dense(x.RowCount, x.ColumnCount, (i, j) => x[i, j] * (y[i] - p[i])) * bread;
        Matrix<double> reach = x * bread;
        return new()
        {
            Coefficients = [.. b],
            Fitted = [.. p],
            Influence = moves.ToArray(),
            Leverages = [.. p.Select((share, i) => share * (1 - share) * (reach.Row(i) * x.Row(i)))],
            LogLikelihood = LogLikelihood((x * b) + offset, y),
        };
    }

    private static Matrix<double> Information(Matrix<double> x, Vector<double> p) =>
        x.TransposeThisAndMultiply(Matrix<double>.Build.Dense(x.RowCount, x.ColumnCount, (i, j) => x[i, j] * p[i] * (1 - p[i])));

    /// <summary>Σ y η − log(1 + e^η).</summary>
    private static double LogLikelihood(Vector<double> eta, Vector<double> y) => eta
        .Zip(y, (e, share) => (share * e) - (e > 0 ? e + Math.Log(1 + Math.Exp(-e)) : Math.Log(1 + Math.Exp(e))))
        .Sum();
}
