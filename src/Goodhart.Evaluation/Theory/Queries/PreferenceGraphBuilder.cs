using Goodhart.Text.Audit;

namespace Goodhart.Evaluation.Theory.Queries;

/// <summary>Builds a graph from texts; keeps 16 bytes of each, not the texts.</summary>
public sealed class PreferenceGraphBuilder
{
    private readonly Dictionary<UInt128, int> prompts = [];
    private readonly Dictionary<(int Prompt, UInt128 Response), int> nodes = [];
    private readonly List<int> promptOfNode = [];
    private readonly List<PreferenceEdge> edges = [];

    public int Nodes => promptOfNode.Count;

    /// <summary>Adds a pair, and its responses where they are new.</summary>
    public void AddPair(string prompt, string chosen, string rejected)
    {
        int place = PromptOf(prompt);
        int first = NodeOf(place, chosen);
        edges.Add(new(first, NodeOf(place, rejected)));
    }

    /// <summary>Adds a response that exists, whether a pair compares it or not.</summary>
    public void AddResponse(string prompt, string response) => NodeOf(PromptOf(prompt), response);

    public PreferenceGraph Build() => new([.. promptOfNode], prompts.Count, [.. edges]);

    private int PromptOf(string prompt)
    {
        UInt128 print = Fingerprint.Of(prompt);
        if (!prompts.TryGetValue(print, out int place))
        {
            place = prompts.Count;
            prompts.Add(print, place);
        }

        return place;
    }

    private int NodeOf(int prompt, string response)
    {
        (int, UInt128) key = (prompt, Fingerprint.Of(response));
        if (!nodes.TryGetValue(key, out int node))
        {
            node = promptOfNode.Count;
            nodes.Add(key, node);
            promptOfNode.Add(prompt);
        }

        return node;
    }
}
