namespace Goodhart.Evaluation.Theory.SoftQ;

/// <summary>Runs of tokens by their common beginnings. About 50 bytes a node.</summary>
internal sealed class TokenTrie
{
    public const int Root = 0;

    /// <summary>No such node.</summary>
    public const int None = -1;

    private readonly Dictionary<(int Node, int Token), int> children = [];
    private readonly List<List<int>?> tokens = [null];

    /// <summary>A new beginning, apart from all others.</summary>
    public int AddRoot()
    {
        tokens.Add(null);
        return tokens.Count - 1;
    }

    /// <summary>The node after a token, made where it is missing.</summary>
    public int Add(int node, int token)
    {
        if (!children.TryGetValue((node, token), out int child))
        {
            child = AddRoot();
            children.Add((node, token), child);
            (tokens[node] ??= new List<int>(1)).Add(token);
        }

        return child;
    }

    public int Find(int node, int token) => node == None ? None : children.GetValueOrDefault((node, token), None);

    /// <summary>The tokens that follow a node.</summary>
    public IReadOnlyList<int> After(int node) => node == None ? [] : tokens[node] ?? [];
}
