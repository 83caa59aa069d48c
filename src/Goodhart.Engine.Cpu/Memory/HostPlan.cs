using System.Runtime.InteropServices;

namespace Goodhart.Engine.Cpu;

/// <summary>A forest's index tables in host memory, and what the attention kernels need of its segments.</summary>
public sealed class HostPlan : IPlan
{
    private readonly Dictionary<(Queries Queries, int Window), AttentionTree[]> trees = [];

    public HostPlan(SequencePlan source, IArena arena, Action<Mem, ReadOnlySpan<byte>> upload)
    {
        Source = source;
        Tokens = Table(source.Tokens);
        Positions = Table(source.Positions);
        HeadRows = Table(source.HeadRows);
        HeadPositions = Table([.. source.HeadRows.Select(row => source.Positions[row])]);
        TargetRows = Table(source.TargetRows);
        TargetTokens = Table(source.TargetTokens);

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

        Mat Table(int[] values)
        {
            Mat mat = arena.Allocate(values.Length, 1, DType.I32);
            upload(mat.Mem, MemoryMarshal.AsBytes<int>(values));
            return mat;
        }
    }

    public SequencePlan Source { get; }

    public Mat Tokens { get; }

    public Mat Positions { get; }

    public Mat HeadRows { get; }

    public Mat HeadPositions { get; }

    public Mat TargetRows { get; }

    public Mat TargetTokens { get; }

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
