namespace Goodhart.Engine.Torch.Attention;

/// <summary>Which trees make up a part, and which of their rows ask and are seen.</summary>
/// <param name="Trees">Keys and queries of each, as rows of the forest.</param>
/// <param name="IsCausal">A query sees the keys up to its own place among them; otherwise the forest says.</param>
/// <param name="Adds">Gradients of its keys come on top of an earlier part's.</param>
internal sealed record PartMembers(IReadOnlyList<(List<int> Keys, List<int> Queries)> Trees, bool IsCausal, bool Adds = false)
{
    /// <summary>The trees that ask, cut into parts: every row of theirs is a key of exactly one part that does not add.</summary>
    /// <param name="window">A row sees itself and the window − 1 tokens before it; 0: all before it.</param>
    public static IEnumerable<PartMembers> Of(IEnumerable<ForestTree> trees, int window, PartRules rules)
    {
        ForestTree[] asking = [.. trees.Where(tree => tree.Asking.Count > 0)];
        foreach (ForestTree tree in asking.Where(tree => tree.Rows.Count >= rules.Own))
        {
            foreach (PartMembers part in Alone(tree, window, rules))
            {
                yield return part;
            }
        }

        foreach (bool isCausal in (bool[])[true, false])
        {
            ForestTree[] small =
            [
                .. asking.Where(tree => tree.Rows.Count < rules.Own && (window == 0 && tree.IsCausal) == isCausal)
                    .OrderByDescending(tree => tree.Rows.Count),
            ];
            foreach (ForestTree[] like in LikeSized(small))
            {
                yield return new PartMembers([.. like.Select(tree => (tree.Rows, tree.Asking))], isCausal);
            }
        }
    }

    /// <summary>A prompt's rows see half of each other: they are a part without a mask, and what comes after it another.</summary>
    private static IEnumerable<PartMembers> Alone(ForestTree tree, int window, PartRules rules)
    {
        if (window == 0 && tree.IsSplit && tree.Root >= rules.Own / 2)
        {
            List<int> prompt = tree.Rows[..tree.Root];
            yield return new PartMembers([(tree.Rows, tree.Asking[tree.Root..])], IsCausal: false);
            yield return new PartMembers([(prompt, prompt)], IsCausal: true, Adds: true);
        }
        else
        {
            yield return new PartMembers([(tree.Rows, tree.Asking)], window == 0 && tree.IsCausal);
        }
    }

    private static IEnumerable<ForestTree[]> LikeSized(ForestTree[] descending)
    {
        for (int start = 0; start < descending.Length;)
        {
            int end = start + 1;
            while (end < descending.Length && descending[end].Rows.Count >= PartRules.LikeSize * descending[start].Rows.Count)
            {
                end++;
            }

            yield return descending[start..end];
            start = end;
        }
    }
}
