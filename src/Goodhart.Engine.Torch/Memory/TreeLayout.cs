namespace Goodhart.Engine.Torch.Memory;

/// <summary>
/// Roots with their descendants as [trees, longest] rows, computed on the host: indices into and out of the padding, and who sees whom.
/// </summary>
internal sealed class TreeLayout
{
    public TreeLayout(SequencePlan plan, Queries queries, int window, bool alone)
    {
        (int[] treeOf, int[] segmentOf) = Owners(plan);
        bool[] asks = Asking(plan, queries);
        (List<int>[] keys, List<int>[] asking) = Members(treeOf, asks);
        (Trees, Keys, Queries) = (keys.Length, Longest(keys), Longest(asking));
        (KeyRows, KeyBack) = (new int[Trees * Keys], new int[plan.Rows]);
        (QueryRows, OutputRows, Live, Padding) =
            (new int[Trees * Queries], new int[Trees * Queries], new float[Trees * Queries], new float[Trees * Queries]);
        int[] outputOf = Outputs(asks);
        int count = asking.Sum(rows => rows.Count);
        (Back, Asked) = (new int[count], new int[count]);
        Mask = new float[(long)Trees * Queries * Keys];
        Array.Fill(Mask, float.NegativeInfinity);
        int[] slot = new int[plan.Rows];
        for (int tree = 0; tree < Trees; tree++)
        {
            for (int i = 0; i < keys[tree].Count; i++)
            {
                slot[keys[tree][i]] = i;
                KeyRows[(tree * Keys) + i] = keys[tree][i];
                KeyBack[keys[tree][i]] = (tree * Keys) + i;
            }

            for (int i = 0; i < Queries; i++)
            {
                int at = (tree * Queries) + i;
                Span<float> sees = Mask.AsSpan(at * Keys, Keys);
                if (i >= asking[tree].Count)
                {
                    sees[0] = 0;   // a row of padding sees something, so that its softmax is a number
                    Padding[at] = 1e30f;
                    continue;
                }

                int row = asking[tree][i];
                int output = outputOf[row];
                QueryRows[at] = alone ? output : row;
                (OutputRows[at], Live[at], Back[output], Asked[output]) = (output, 1, at, alone ? output : row);
                See(plan, segmentOf[row], row, slot, window, sees);
            }
        }
    }

    public int Trees { get; }

    /// <summary>Rows of the largest tree.</summary>
    public int Keys { get; }

    /// <summary>Rows that ask, of the tree with the most.</summary>
    public int Queries { get; }

    /// <summary>[trees · keys]: the row of the forest; padding has row 0.</summary>
    public int[] KeyRows { get; }

    /// <summary>[rows]: where a row stands in the padding.</summary>
    public int[] KeyBack { get; }

    /// <summary>[trees · queries]: the row of the matrix of queries.</summary>
    public int[] QueryRows { get; }

    /// <summary>[trees · queries]: the row of the output.</summary>
    public int[] OutputRows { get; }

    /// <summary>[asking]: where an output's row stands in the padding.</summary>
    public int[] Back { get; }

    /// <summary>[asking]: the row of the matrix of queries.</summary>
    public int[] Asked { get; }

    /// <summary>1 for a query, 0 for padding.</summary>
    public float[] Live { get; }

    /// <summary>0 for a query, a large number for padding: added to its log-sum-exp, so that its probabilities are 0.</summary>
    public float[] Padding { get; }

    /// <summary>[trees, queries, keys]: 0 where a query sees a key, −∞ where it does not.</summary>
    public float[] Mask { get; }

    private static (int[] TreeOf, int[] SegmentOf) Owners(SequencePlan plan)
    {
        int[] root = new int[plan.Segments.Count];
        int[] treeOf = new int[plan.Rows];
        int[] segmentOf = new int[plan.Rows];
        int trees = 0;
        for (int s = 0; s < root.Length; s++)
        {
            (int start, int length, int parent) = plan.Segments[s];
            root[s] = parent < 0 ? trees++ : root[parent];
            Array.Fill(treeOf, root[s], start, length);
            Array.Fill(segmentOf, s, start, length);
        }

        return (treeOf, segmentOf);
    }

    private static bool[] Asking(SequencePlan plan, Queries queries)
    {
        bool[] asks = new bool[plan.Rows];
        Array.Fill(asks, queries == Engine.Queries.All);
        foreach (int row in plan.HeadRows)
        {
            asks[row] = true;
        }

        return asks;
    }

    /// <summary>The rows of each tree, and those of them that ask.</summary>
    private static (List<int>[] Keys, List<int>[] Asking) Members(int[] treeOf, bool[] asks)
    {
        int trees = treeOf.Length == 0 ? 0 : treeOf.Max() + 1;
        List<int>[] keys = [.. Enumerable.Range(0, trees).Select(_ => new List<int>())];
        List<int>[] asking = [.. Enumerable.Range(0, trees).Select(_ => new List<int>())];
        for (int row = 0; row < treeOf.Length; row++)
        {
            keys[treeOf[row]].Add(row);
            if (asks[row])
            {
                asking[treeOf[row]].Add(row);
            }
        }

        return (keys, asking);
    }

    /// <summary>The output's row of every row that asks: they are numbered in the order of the forest.</summary>
    private static int[] Outputs(bool[] asks)
    {
        int[] output = new int[asks.Length];
        int next = 0;
        for (int row = 0; row < asks.Length; row++)
        {
            output[row] = asks[row] ? next++ : -1;
        }

        return output;
    }

    private static void See(SequencePlan plan, int segment, int row, int[] slot, int window, Span<float> sees)
    {
        int last = row;
        for (int s = segment; s >= 0; s = plan.Segments[s].Parent)
        {
            int start = plan.Segments[s].Start;
            int end = s == segment ? last : plan.End(s) - 1;
            int hidden = window == 0 ? 0 : Math.Max(0, plan.Positions[row] - window + 1 - plan.Positions[start]);
            if (end - start + 1 > hidden)
            {
                sees.Slice(slot[start] + hidden, end - start + 1 - hidden).Clear();
            }
        }
    }

    private static int Longest(List<int>[] rows) => rows.Select(list => list.Count).DefaultIfEmpty().Max();
}
