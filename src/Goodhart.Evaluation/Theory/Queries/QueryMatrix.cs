using MathNet.Numerics.LinearAlgebra;

namespace Goodhart.Evaluation.Theory.Queries;

/// <summary>Section 4's matrix Q in full, [pairs, responses]: only for small data, as the proof of what the graph says.</summary>
public static class QueryMatrix
{
    /// <summary>Largest number of pairs and of responses for which <see cref="RankBySvd"/> is worth its cubic time.</summary>
    public const int SmallEnough = 200;

    public static Matrix<double> Dense(PreferenceGraph graph)
    {
        Matrix<double> q = Matrix<double>.Build.Dense(graph.Edges.Count, graph.Nodes);
        for (int row = 0; row < graph.Edges.Count; row++)
        {
            // Added, not set: the two entries of a loop cancel.
            q[row, graph.Edges[row].Chosen] += 1;
            q[row, graph.Edges[row].Rejected] -= 1;
        }

        return q;
    }

    /// <summary>Rank by singular values; null for data that are too large.</summary>
    public static int? RankBySvd(PreferenceGraph graph) =>
        graph.Edges.Count is 0 or > SmallEnough || graph.Nodes > SmallEnough ? null : Dense(graph).Svd(computeVectors: false).Rank;
}
