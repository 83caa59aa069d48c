namespace Goodhart.Evaluation.Theory.Queries;

/// <summary>Disjoint sets with union by size and path halving: n operations in nearly n steps.</summary>
public sealed class UnionFind
{
    private readonly int[] parent;
    private readonly int[] size;

    public UnionFind(int items)
    {
        parent = [.. Enumerable.Range(0, items)];
        size = new int[items];
        Array.Fill(size, 1);
        Sets = items;
    }

    /// <summary>How many sets there are.</summary>
    public int Sets { get; private set; }

    /// <summary>The item that stands for the set of <paramref name="item"/>.</summary>
    public int Find(int item)
    {
        while (parent[item] != item)
        {
            parent[item] = parent[parent[item]];
            item = parent[item];
        }

        return item;
    }

    /// <returns>Whether the two were apart.</returns>
    public bool Union(int first, int second)
    {
        (int a, int b) = (Find(first), Find(second));
        if (a == b)
        {
            return false;
        }

        (int small, int large) = size[a] < size[b] ? (a, b) : (b, a);
        parent[small] = large;
        size[large] += size[small];
        Sets--;
        return true;
    }

    public int SizeOf(int item) => size[Find(item)];
}
