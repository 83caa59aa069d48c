namespace Goodhart.Evaluation.Statistics;

/// <summary>Ranks of a sample.</summary>
public static class Ranks
{
    /// <summary>Ranks from 1; tied values share the average of their ranks.</summary>
    public static double[] Average(ReadOnlySpan<double> values)
    {
        double[] sorted = values.ToArray();
        int[] order = [.. Enumerable.Range(0, sorted.Length)];
        Array.Sort(sorted, order);
        double[] ranks = new double[sorted.Length];
        for (int start = 0; start < sorted.Length;)
        {
            int end = start + 1;
            while (end < sorted.Length && sorted[end] == sorted[start])
            {
                end++;
            }

            for (int i = start; i < end; i++)
            {
                ranks[order[i]] = (start + 1 + end) / 2.0;
            }

            start = end;
        }

        return ranks;
    }

    /// <summary>Sizes of the groups of equal values, single values included.</summary>
    internal static int[] TieGroups(ReadOnlySpan<double> values) =>
        [.. values.ToArray().GroupBy(value => value).Select(group => group.Count())];
}
