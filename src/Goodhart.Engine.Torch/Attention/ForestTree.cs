namespace Goodhart.Engine.Torch.Attention;

/// <summary>A root with its descendants.</summary>
/// <param name="Rows">Of the forest, ascending: those of the root come first.</param>
/// <param name="Root">Rows of the root.</param>
/// <param name="Asking">Those of the rows that ask, ascending.</param>
internal sealed record ForestTree(List<int> Rows, int Root, List<int> Asking)
{
    /// <summary>Whether all that a row sees is the rows before it.</summary>
    public bool IsCausal => Rows.Count == Root && Asking.Count == Rows.Count;

    /// <summary>Whether every row of the root asks, and some below it.</summary>
    public bool IsSplit => Asking.Count > Root && Rows.Count > Root && Asking[Root - 1] == Rows[Root - 1];

    public static IReadOnlyList<ForestTree> Of(SequencePlan plan, bool[] asks)
    {
        List<ForestTree> trees = [];
        int[] treeOf = new int[plan.Segments.Count];
        for (int s = 0; s < treeOf.Length; s++)
        {
            (int start, int length, int parent) = plan.Segments[s];
            if (parent < 0)
            {
                treeOf[s] = trees.Count;
                trees.Add(new ForestTree([], length, []));
            }
            else
            {
                treeOf[s] = treeOf[parent];
            }

            ForestTree tree = trees[treeOf[s]];
            for (int row = start; row < start + length; row++)
            {
                tree.Rows.Add(row);
                if (asks[row])
                {
                    tree.Asking.Add(row);
                }
            }
        }

        return trees;
    }
}
