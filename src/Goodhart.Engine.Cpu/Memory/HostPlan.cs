namespace Goodhart.Engine.Cpu;

/// <summary>A forest's index tables in host memory, and what the attention kernels need of its segments.</summary>
public sealed class HostPlan : PlanTables
{
    private readonly Dictionary<(Queries Queries, int Window), AttentionTree[]> trees = [];

    public HostPlan(SequencePlan source, IArena arena, Action<Mem, ReadOnlySpan<byte>> upload)
        : base(source, arena, upload)
    {
        HeadStart = new int[source.Segments.Count];
        HeadCount = new int[source.Segments.Count];
        int next = 0;
        for (int i = 0; i < source.Segments.Count; i++)
        {
            HeadStart[i] = next;
            while (next < source.HeadRows.Length && source.HeadRows[next] < source.End(i))
            {
                next++;
            }

            HeadCount[i] = next - HeadStart[i];
        }
    }

    /// <summary>Per segment: the index of its first head row; its head rows are the segment's last <see cref="HeadCount"/> rows.</summary>
    public int[] HeadStart { get; }

    public int[] HeadCount { get; }

    /// <summary>The roots with their descendants, as one attention sees them; found when it first does.</summary>
    internal AttentionTree[] Trees(Queries queries, int window)
    {
        if (!trees.TryGetValue((queries, window), out AttentionTree[]? found))
        {
            trees[(queries, window)] = found = AttentionTree.Of(this, queries == Queries.All, window);
        }

        return found;
    }
}
