namespace Goodhart.Evaluation.Theory.Queries;

/// <summary>Strongly connected components by Tarjan's algorithm, without recursion: a chain of preferences may be long.</summary>
public sealed class StrongComponents
{
    private readonly int[] starts;
    private readonly int[] heads;
    private readonly int[] order;
    private readonly int[] low;
    private readonly Stack<int> open = new();
    private readonly int[] component;
    private int visited;

    private StrongComponents(PreferenceGraph graph)
    {
        (starts, heads) = Adjacency(graph);
        order = new int[graph.Nodes];
        low = new int[graph.Nodes];
        component = new int[graph.Nodes];
        Array.Fill(component, -1);
        for (int node = 0; node < graph.Nodes; node++)
        {
            if (order[node] == 0)
            {
                Visit(node);
            }
        }
    }

    /// <summary>Number of components.</summary>
    public int Count { get; private set; }

    public static StrongComponents Of(PreferenceGraph graph) => new(graph);

    /// <summary>Two nodes of one component are each preferred to the other, directly or through others.</summary>
    public int Of(int node) => component[node];

    private static (int[] Starts, int[] Heads) Adjacency(PreferenceGraph graph)
    {
        int[] starts = new int[graph.Nodes + 1];
        foreach (PreferenceEdge edge in graph.Edges)
        {
            starts[edge.Chosen + 1]++;
        }

        for (int node = 0; node < graph.Nodes; node++)
        {
            starts[node + 1] += starts[node];
        }

        int[] next = [.. starts];
        int[] heads = new int[graph.Edges.Count];
        foreach (PreferenceEdge edge in graph.Edges)
        {
            heads[next[edge.Chosen]++] = edge.Rejected;
        }

        return (starts, heads);
    }

    private void Visit(int root)
    {
        Stack<(int Node, int Edge)> path = new();
        Enter(root, path);
        while (path.TryPop(out (int Node, int Edge) at))
        {
            if (at.Edge == starts[at.Node + 1])
            {
                Leave(at.Node, path);
                continue;
            }

            path.Push((at.Node, at.Edge + 1));
            int head = heads[at.Edge];
            if (order[head] == 0)
            {
                Enter(head, path);
            }
            else if (component[head] < 0)
            {
                low[at.Node] = Math.Min(low[at.Node], order[head]);
            }
        }
    }

    private void Enter(int node, Stack<(int Node, int Edge)> path)
    {
        order[node] = low[node] = ++visited;
        open.Push(node);
        path.Push((node, starts[node]));
    }

    private void Leave(int node, Stack<(int Node, int Edge)> path)
    {
        if (path.TryPeek(out (int Node, int Edge) parent))
        {
            low[parent.Node] = Math.Min(low[parent.Node], low[node]);
        }

        if (low[node] == order[node])
        {
            int member;
            do
            {
                member = open.Pop();
                component[member] = Count;
            }
            while (member != node);
            Count++;
        }
    }
}
