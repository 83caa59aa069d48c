namespace Goodhart.Evaluation.Theory.Queries;

/// <summary>
/// Preference data as a graph: a node for every (prompt, response), an edge for every pair. Section 4's query matrix Q is its signed
/// incidence matrix, so rank and null space of Q are read off the graph.
/// </summary>
/// <param name="PromptOfNode">Per node, its prompt; prompts are numbered from 0.</param>
/// <param name="Prompts">Number of prompts.</param>
/// <param name="Edges">In the data's order, repeated pairs included. Both ends of an edge have the same prompt.</param>
public sealed record PreferenceGraph(int[] PromptOfNode, int Prompts, IReadOnlyList<PreferenceEdge> Edges)
{
    /// <summary>Columns of Q that the data name.</summary>
    public int Nodes => PromptOfNode.Length;

    /// <summary>A graph of the responses to one prompt, such as the trajectories of a tree.</summary>
    public static PreferenceGraph OfOnePrompt(int responses, IReadOnlyList<PreferenceEdge> edges) => new(new int[responses], 1, edges);
}
