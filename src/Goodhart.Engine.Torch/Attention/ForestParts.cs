namespace Goodhart.Engine.Torch.Attention;

/// <summary>A forest's attention in parts: no padding where a tree stands alone, little where trees of like size stand
/// together.</summary>
internal sealed class ForestParts
{
    /// <param name="alone">Whether the matrix of queries has the rows that ask and no others.</param>
    /// <param name="window">A row sees itself and the window − 1 tokens before it; 0: all before it.</param>
    public ForestParts(SequencePlan plan, Queries queries, int window, bool alone, PartRules rules, IDevice device, IArena arena)
    {
        bool[] asks = Asking(plan, queries);
        int[] outputOf = Outputs(asks);
        int[] segmentOf = new int[plan.Rows];
        for (int s = 0; s < plan.Segments.Count; s++)
        {
            Array.Fill(segmentOf, s, plan.Segments[s].Start, plan.Segments[s].Length);
        }

        IReadOnlyList<ForestTree> trees = ForestTree.Of(plan, asks);
        LeavesKeys = trees.Any(tree => tree.Asking.Count == 0);
        All = [.. PartMembers.Of(trees, window, rules).Select(Part)];

        AttentionPart Part(PartMembers members)
        {
            RowTable keys = RowTable.Of([.. members.Trees.Select(tree => tree.Keys)], rules.KeyMultiple);
            RowTable outputs = RowTable.Of(
                [.. members.Trees.Select(tree => tree.Queries.ConvertAll(row => outputOf[row]))], rules.QueryMultiple);
            RowTable asked = alone ? outputs : RowTable.Of([.. members.Trees.Select(tree => tree.Queries)], rules.QueryMultiple);
            float[] mask = members.IsCausal ? [] : PartMask.Of(plan, segmentOf, members, outputs.Length, keys.Length, window);
            return new AttentionPart(members, keys, asked, outputs, mask, device, arena);
        }
    }

    public IReadOnlyList<AttentionPart> All { get; }

    /// <summary>Whether some keys are in no part: those of trees that do not ask.</summary>
    public bool LeavesKeys { get; }

    private static bool[] Asking(SequencePlan plan, Queries queries)
    {
        bool[] asks = new bool[plan.Rows];
        Array.Fill(asks, queries == Queries.All);
        foreach (int row in plan.HeadRows)
        {
            asks[row] = true;
        }

        return asks;
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
}
