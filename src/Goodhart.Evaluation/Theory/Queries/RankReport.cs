namespace Goodhart.Evaluation.Theory.Queries;

/// <summary>So many components of one size.</summary>
/// <param name="Responses">In each; 1: a response that no pair compares with another.</param>
public readonly record struct ComponentCount(int Responses, int Count);

/// <summary>What a data set's query matrix Q determines of a policy's log-ratios, and what it leaves open (section 4).</summary>
/// <remarks>
/// Over the responses that the data name, Q has rank = responses − components. A loss of Eq. (4) sees the log-ratio through Q alone, so
/// a shift of all log-ratios of one component by the same amount changes nothing: as many directions as there are components.
/// </remarks>
public sealed record RankReport
{
    public required int Pairs { get; init; }

    /// <summary>Pairs whose two responses are the same text: zero rows of Q.</summary>
    public required int EqualPairs { get; init; }

    public required int Prompts { get; init; }

    /// <summary>Distinct (prompt, response) that the data name: the columns of Q that are not zero for sure.</summary>
    public required int Responses { get; init; }

    /// <summary>Of them, those that no pair compares with another response.</summary>
    public required int NeverCompared { get; init; }

    /// <summary>Groups of at least two responses that pairs connect.</summary>
    public required int Components { get; init; }

    /// <summary>Components by size, responses never compared included; ascending.</summary>
    public required IReadOnlyList<ComponentCount> Sizes { get; init; }

    /// <summary>Prompts whose responses fall into more than one component: nothing in the data ranks one against another.</summary>
    public required int SplitPrompts { get; init; }

    /// <summary>Rank of Q: independent directions of the log-ratio that the loss sees.</summary>
    public required int Rank { get; init; }

    /// <summary>By singular values; null for data too large for them. A test of the rank, not a second number.</summary>
    public required int? RankBySvd { get; init; }

    /// <summary>Directions of the log-ratio, on the responses that the data name, that the loss does not see.</summary>
    public int Nullity => Responses - Rank;

    /// <summary>
    /// The same if a policy had to put all its mass on the responses named: one direction less for every prompt. A real policy has all
    /// other texts to trade with, each of them one more direction.
    /// </summary>
    public int NullityWithinSupport => Nullity - Prompts;

    /// <summary>Pairs that say nothing new: the dimension of the graph's cycle space, equal and repeated pairs included.</summary>
    public int DependentPairs => Pairs - Rank;

    public required Contradictions Contradictions { get; init; }

    public static RankReport Of(PreferenceGraph graph)
    {
        ArgumentNullException.ThrowIfNull(graph);
        UnionFind sets = new(graph.Nodes);
        int rank = graph.Edges.Count(edge => sets.Union(edge.Chosen, edge.Rejected));
        int[] roots = [.. Enumerable.Range(0, graph.Nodes).Where(node => sets.Find(node) == node)];
        ComponentCount[] sizes =
        [
            .. roots.GroupBy(sets.SizeOf).OrderBy(group => group.Key).Select(group => new ComponentCount(group.Key, group.Count())),
        ];
        int alone = sizes.FirstOrDefault(size => size.Responses == 1).Count;
        return new RankReport
        {
            Pairs = graph.Edges.Count,
            EqualPairs = graph.Edges.Count(edge => edge.IsLoop),
            Prompts = graph.Prompts,
            Responses = graph.Nodes,
            NeverCompared = alone,
            Components = roots.Length - alone,
            Sizes = sizes,
            SplitPrompts = roots.GroupBy(root => graph.PromptOfNode[root]).Count(group => group.Count() > 1),
            Rank = rank,
            RankBySvd = QueryMatrix.RankBySvd(graph),
            Contradictions = Contradictions.Of(graph),
        };
    }
}
