namespace Goodhart.Engine.Cpu;

/// <summary>One root with all its descendants: what attention computes as one piece of work.</summary>
/// <remarks>Keys of a tree lie side by side in scratch memory, every segment starting at a whole block of lanes.</remarks>
internal sealed class AttentionTree
{
    public AttentionTree(SequencePlan plan, int[] segments)
    {
        Segments = [.. segments.Select(s => plan.Segments[s])];
        SegmentIds = segments;
        KeyStart = new int[segments.Length];
        Path = new int[segments.Length][];
        for (int i = 0; i < segments.Length; i++)
        {
            KeyStart[i] = Keys;
            Keys += SimdBlock.Pad(Segments[i].Length);
            int parent = Array.IndexOf(segments, Segments[i].Parent);
            Path[i] = parent < 0 ? [i] : [.. Path[parent], i];
            Rows += Segments[i].Length;
        }
    }

    /// <summary>Segments in ascending order; all other arrays are parallel to it.</summary>
    public Segment[] Segments { get; }

    public int[] SegmentIds { get; }

    /// <summary>Where the keys of a segment start among the tree's padded keys.</summary>
    public int[] KeyStart { get; }

    /// <summary>From the root to the segment itself, as indices into <see cref="Segments"/>.</summary>
    public int[][] Path { get; }

    /// <summary>Padded keys of the whole tree.</summary>
    public int Keys { get; }

    public int Rows { get; }

    /// <summary>From one row of scores to the next: an odd number of cache lines, so that rows do not compete for the same few.</summary>
    public int Stride => Keys | SimdBlock.Lanes;

    public static AttentionTree[] Of(SequencePlan plan)
    {
        int[] root = new int[plan.Segments.Count];
        Dictionary<int, List<int>> members = [];
        for (int i = 0; i < root.Length; i++)
        {
            int parent = plan.Segments[i].Parent;
            root[i] = parent < 0 ? i : root[parent];
            if (!members.TryGetValue(root[i], out List<int>? list))
            {
                members[root[i]] = list = [];
            }

            list.Add(i);
        }

        return [.. members.Values.Select(list => new AttentionTree(plan, [.. list]))];
    }
}
