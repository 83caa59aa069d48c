namespace Goodhart.Alignment.Losses;

/// <summary>The order of a batch's values.</summary>
internal static class Ranking
{
    /// <summary>Indices of the pairs by their value, smallest first; equal values stay in the batch's order.</summary>
    public static int[] Of(ReadOnlySpan<PairLogProbs> pairs, Func<PairLogProbs, double> value)
    {
        double[] values = new double[pairs.Length];
        int[] order = new int[pairs.Length];
        for (int i = 0; i < order.Length; i++)
        {
            (values[i], order[i]) = (value(pairs[i]), i);
        }

        Array.Sort(order, (a, b) => values[a].CompareTo(values[b]) is int by && by != 0 ? by : a - b);
        return order;
    }
}
