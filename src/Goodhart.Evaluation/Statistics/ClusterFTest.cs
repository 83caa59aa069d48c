using Goodhart.Engine.Randomness;
using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.LinearAlgebra.Factorization;

namespace Goodhart.Evaluation.Statistics;

/// <summary>
/// The p value of an F statistic where errors go together by cluster: the restricted wild cluster bootstrap (Cameron, Gelbach and Miller,
/// 2008).
/// Residuals of the smaller model keep or change their sign cluster by cluster (Rademacher's weights), and the share of draws with an F as
/// large as the observed one is the p value. Fisher's distribution takes rows as independent.
/// </summary>
/// <remarks>With few clusters there are few draws: 2 to the power of their number.</remarks>
public static class ClusterFTest
{
    // Draws that repeat the data up to rounding, all signs kept or all changed, count as equal.
    private const double Equal = 1e-9;

    /// <summary>Null where a design is rank-deficient or the larger model fits exactly.</summary>
    /// <param name="small">X of the null hypothesis, shape [n, p]; a special case of the larger.</param>
    /// <param name="large">X, shape [n, q].</param>
    /// <param name="clusters">Each row's cluster, numbered from 0: shape [n].</param>
    public static double? P(
        double[,] small, double[,] large, double[] y, int[] clusters, int replicates = Bootstrap.DefaultReplicates, ulong seed = 0)
    {
        if (LeastSquares.Fit(small, y) is not { } restricted || LeastSquares.Fit(large, y) is null)
        {
            return null;
        }

        double[] residuals = restricted.Residuals;
        (Matrix<double> q0, Matrix<double> q1) = (Basis(small), Basis(large));

        // Columns of the smaller model are columns of the larger, so its fitted part cancels in F.
        double observed = Gain(q0, q1, residuals);
        if (!double.IsFinite(observed))
        {
            return null;
        }

        ulong key = Philox.Key(seed, "statistics/cluster-f");
        int count = clusters.Max() + 1;
        bool[] reached = new bool[replicates];
        Parallel.For(0, replicates, replicate =>
        {
            RandomStream random = new(key, (uint)replicate);
            double[] signs = [.. Enumerable.Range(0, count).Select(_ => (random.NextBits() & 1) == 0 ? 1.0 : -1)];
            reached[replicate] = Gain(q0, q1, [.. residuals.Select((r, i) => signs[clusters[i]] * r)]) >= observed * (1 - Equal);
        });
        return (1 + reached.Count(r => r)) / (1.0 + replicates);
    }

    private static Matrix<double> Basis(double[,] design)
    {
        Matrix<double> columns = Matrix<double>.Build.DenseOfArray(design);
        return columns.NormalizeColumns(2).QR(QRMethod.Thin).Q;
    }

    /// <summary>F up to its degrees of freedom: what the larger model takes off the residual sum of squares, over what is left.</summary>
    private static double Gain(Matrix<double> q0, Matrix<double> q1, double[] errors)
    {
        Vector<double> v = Vector<double>.Build.Dense(errors);
        double square = v * v;
        double small = square - Square(q0.TransposeThisAndMultiply(v));
        double large = square - Square(q1.TransposeThisAndMultiply(v));
        return (small - large) / large;
    }

    private static double Square(Vector<double> v) => v * v;
}
