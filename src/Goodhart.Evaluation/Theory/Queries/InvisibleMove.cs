namespace Goodhart.Evaluation.Theory.Queries;

/// <summary>
/// Moves of a policy that no loss of Eq. (4) can see, whatever its g: multiply the probabilities of each component's responses by a factor
/// of
/// its own and normalise. Ratios within a component stay, and the loss depends on nothing else. All policies of the same log-ratios of
/// pairs are reached so.
/// </summary>
public static class InvisibleMove
{
    /// <summary>Per response, the number of its component, from 0 in the order of their first responses.</summary>
    public static int[] Components(PreferenceGraph graph)
    {
        UnionFind sets = new(graph.Nodes);
        foreach (PreferenceEdge edge in graph.Edges)
        {
            sets.Union(edge.Chosen, edge.Rejected);
        }

        Dictionary<int, int> numbers = [];
        return [.. Enumerable.Range(0, graph.Nodes).Select(node =>
        {
            int root = sets.Find(node);
            numbers.TryAdd(root, numbers.Count);
            return numbers[root];
        })];
    }

    /// <param name="logPolicy">log π of every response to one prompt, in nats; their probabilities sum to one.</param>
    /// <param name="components">Per response, its component.</param>
    /// <param name="shifts">Per component, what is added to its log-probs before normalisation, in nats.</param>
    /// <returns>The log-probs after the move; their probabilities sum to one again.</returns>
    public static double[] Apply(ReadOnlySpan<double> logPolicy, ReadOnlySpan<int> components, ReadOnlySpan<double> shifts)
    {
        double[] moved = new double[logPolicy.Length];
        for (int i = 0; i < moved.Length; i++)
        {
            moved[i] = logPolicy[i] + shifts[components[i]];
        }

        double logTotal = LogSum.Exp(moved);
        return Array.ConvertAll(moved, value => value - logTotal);
    }
}
