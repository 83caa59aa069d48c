namespace Goodhart.Engine.Cpu;

/// <summary>One root with all its descendants: what attention computes as one piece of work.</summary>
/// <remarks>
/// The rows that ask stand side by side as lanes, in row order over all segments, in groups of <see cref="Group"/>. Keys stand below
/// each other; a key of a segment is seen by the lanes of that segment from its own row on and by those of all descendants.
/// </remarks>
internal sealed class AttentionTree
{
    /// <summary>Lanes for which scores are held at a time.</summary>
    public const int Group = 32;

    /// <param name="segments">Ascending: ancestors come first.</param>
    /// <param name="window">A row sees itself and the window − 1 tokens before it; 0: all before it.</param>
    public AttentionTree(HostPlan plan, int[] segments, bool allRows, int window)
    {
        Segments = [.. segments.Select(s => plan.Source.Segments[s])];
        Asking = [.. segments.Select(s => allRows ? plan.Source.Segments[s].Length : plan.HeadCount[s])];
        Output = [.. segments.Select(s => allRows ? plan.Source.Segments[s].Start : plan.HeadStart[s])];
        LaneStart = new int[segments.Length];
        KeyStart = new int[segments.Length];
        for (int s = 0; s < segments.Length; s++)
        {
            (LaneStart[s], KeyStart[s]) = (Lanes, Keys);
            Lanes += Asking[s];
            Keys += (Segments[s].Length + 3) & -4;
        }

        Groups = (Lanes + Group - 1) / Group;
        Visible = new float[Segments.Length * Groups * Group];
        Most = new int[Segments.Length * Groups];
        Least = new int[Segments.Length * Groups];
        for (int s = 0; s < segments.Length; s++)
        {
            See(segments, s);
        }

        if (window > 0)
        {
            Hide(plan.Source.Positions, window);
        }
    }

    /// <summary>All other arrays over segments are parallel to it.</summary>
    public Segment[] Segments { get; }

    /// <summary>How many rows of a segment ask: its last ones.</summary>
    public int[] Asking { get; }

    /// <summary>Row of y and logSumExp of a segment's first asking row.</summary>
    public int[] Output { get; }

    /// <summary>Lane of a segment's first asking row.</summary>
    public int[] LaneStart { get; }

    /// <summary>Where a segment's keys start among the tree's: whole fours.</summary>
    public int[] KeyStart { get; }

    public int Lanes { get; }

    public int Groups { get; }

    public int Keys { get; }

    /// <summary>[segment, lane]: how many keys of the segment the lane sees; lanes beyond the last see all.</summary>
    public float[] Visible { get; }

    /// <summary>[segment, lane]: how many first keys of the segment lie before the lane's window; null: none for any.</summary>
    public float[]? Hidden { get; private set; }

    /// <summary>[segment, group]: keys that at least one lane of the group sees.</summary>
    public int[] Most { get; }

    /// <summary>[segment, group]: keys that every lane of the group sees.</summary>
    public int[] Least { get; }

    /// <summary>Row of the forest after the last of the tree.</summary>
    public int EndRow => Segments[^1].Start + Segments[^1].Length;

    /// <summary>The first lane that sees a key.</summary>
    public int FirstLane(int segment, int key) =>
        LaneStart[segment] + Math.Max(0, key - Segments[segment].Length + Asking[segment]);

    /// <summary>Row of the forest in which a lane asks.</summary>
    public int RowOf(int segment, int lane) =>
        Segments[segment].Start + Segments[segment].Length - Asking[segment] + lane - LaneStart[segment];

    public static AttentionTree[] Of(HostPlan plan, bool allRows, int window)
    {
        IReadOnlyList<Segment> segments = plan.Source.Segments;
        int[] root = new int[segments.Count];
        Dictionary<int, List<int>> members = [];
        for (int i = 0; i < root.Length; i++)
        {
            int parent = segments[i].Parent;
            root[i] = parent < 0 ? i : root[parent];
            if (!members.TryGetValue(root[i], out List<int>? list))
            {
                members[root[i]] = list = [];
            }

            list.Add(i);
        }

        return [.. members.Values.Select(list => new AttentionTree(plan, [.. list], allRows, window))];
    }

    /// <summary>Fills in which lanes see the keys of a segment.</summary>
    private void See(int[] ids, int segment)
    {
        int length = Segments[segment].Length;
        Span<float> lanes = Visible.AsSpan(segment * Groups * Group, Groups * Group);
        lanes[Lanes..].Fill(length);
        bool[] descends = new bool[ids.Length];
        for (int s = segment; s < ids.Length; s++)
        {
            int parent = Array.IndexOf(ids, Segments[s].Parent);
            descends[s] = s == segment || (parent >= 0 && descends[parent]);
            for (int i = 0; descends[s] && i < Asking[s]; i++)
            {
                lanes[LaneStart[s] + i] = s == segment ? length - Asking[s] + i + 1 : length;
            }
        }

        for (int group = 0; group < Groups; group++)
        {
            ReadOnlySpan<float> own = lanes.Slice(group * Group, Group);
            float most = 0;
            float least = length;
            for (int lane = 0; lane < Group; lane++)
            {
                most = Math.Max(most, (group * Group) + lane < Lanes ? own[lane] : 0);
                least = Math.Min(least, own[lane]);
            }

            Most[(segment * Groups) + group] = (int)most;
            Least[(segment * Groups) + group] = (int)least;
        }
    }

    /// <summary>Fills in which keys lie before a lane's window; then no key is seen by every lane of a group.</summary>
    private void Hide(int[] positions, int window)
    {
        float[] hidden = new float[Visible.Length];
        bool any = false;
        for (int s = 0; s < Segments.Length; s++)
        {
            for (int asking = s; asking < Segments.Length; asking++)
            {
                for (int lane = LaneStart[asking]; lane < LaneStart[asking] + Asking[asking]; lane++)
                {
                    int before = positions[RowOf(asking, lane)] - window + 1 - positions[Segments[s].Start];
                    hidden[(s * Groups * Group) + lane] = Math.Max(0, before);
                    any |= before > 0;
                }
            }
        }

        if (any)
        {
            Hidden = hidden;
            Array.Clear(Least);
        }
    }
}
