namespace Goodhart.Evaluation.Theory.Queries;

/// <summary>Directed cycles: no ranking of the responses agrees with all their pairs.</summary>
/// <param name="Knots">Groups of responses, each preferred to each other through a chain of pairs: strongly connected components of at
/// least two.</param>
/// <param name="Responses">In such groups.</param>
/// <param name="Pairs">Within such groups.</param>
/// <param name="BothWays">Couples of responses that are compared both ways.</param>
public sealed record Contradictions(int Knots, int Responses, int Pairs, int BothWays)
{
    public static Contradictions Of(PreferenceGraph graph)
    {
        StrongComponents strong = StrongComponents.Of(graph);
        int[] sizes = new int[strong.Count];
        for (int node = 0; node < graph.Nodes; node++)
        {
            sizes[strong.Of(node)]++;
        }

        int knots = sizes.Count(size => size > 1);
        if (knots == 0)
        {
            return new(0, 0, 0, 0);
        }

        PreferenceEdge[] inside = [.. graph.Edges.Where(edge => !edge.IsLoop && strong.Of(edge.Chosen) == strong.Of(edge.Rejected))];
        HashSet<PreferenceEdge> distinct = [.. inside];
        int bothWays = distinct.Count(edge => edge.Chosen < edge.Rejected && distinct.Contains(new(edge.Rejected, edge.Chosen)));
        return new(knots, sizes.Where(size => size > 1).Sum(), inside.Length, bothWays);
    }
}
