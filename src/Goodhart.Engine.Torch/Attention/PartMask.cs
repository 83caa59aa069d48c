namespace Goodhart.Engine.Torch.Attention;

/// <summary>Who sees whom in a part, as numbers that are added to scores.</summary>
internal static class PartMask
{
    /// <returns>[trees, queries, keys]: 0 where a query sees a key, −∞ where it does not; a query of padding sees one key, so that its
    /// softmax is a number.</returns>
    public static float[] Of(SequencePlan plan, int[] segmentOf, PartMembers members, int queries, int keys, int window)
    {
        float[] mask = new float[(long)members.Trees.Count * queries * keys];
        Array.Fill(mask, float.NegativeInfinity);
        int[] place = new int[plan.Rows];
        for (int tree = 0; tree < members.Trees.Count; tree++)
        {
            (List<int> seen, List<int> asking) = members.Trees[tree];
            for (int i = 0; i < seen.Count; i++)
            {
                place[seen[i]] = i;
            }

            for (int i = 0; i < queries; i++)
            {
                Span<float> row = mask.AsSpan(((tree * queries) + i) * keys, keys);
                if (i < asking.Count)
                {
                    See(plan, segmentOf[asking[i]], asking[i], place, window, row);
                }
                else
                {
                    row[0] = 0;
                }
            }
        }

        return mask;
    }

    private static void See(SequencePlan plan, int segment, int row, int[] place, int window, Span<float> sees)
    {
        for (int s = segment; s >= 0; s = plan.Segments[s].Parent)
        {
            int start = plan.Segments[s].Start;
            int end = s == segment ? row : plan.End(s) - 1;
            int hidden = window == 0 ? 0 : Math.Max(0, plan.Positions[row] - window + 1 - plan.Positions[start]);
            if (end - start + 1 > hidden)
            {
                sees.Slice(place[start] + hidden, end - start + 1 - hidden).Clear();
            }
        }
    }
}
