namespace Goodhart.Engine.Torch.Ops;

/// <summary>The cache rows that each query sees, as many columns as the longest needs.</summary>
/// <param name="Ranges">What it was made of: see <see cref="IOps.DecodeAttention"/>.</param>
/// <param name="Longest">Most rows that a query sees, and what makes that a multiple.</param>
/// <param name="Rows">[n · longest]; behind a query's own stand rows that it does not see.</param>
/// <param name="Mask">0 for a row that is seen, −∞ for one behind.</param>
internal sealed record SeenRows(int[] Ranges, int Capacity, int Window, int Longest, int[] Rows, float[] Mask)
{
    public bool IsOf(ReadOnlySpan<int> ranges, int capacity, int window) =>
        (Capacity, Window) == (capacity, window) && ranges.SequenceEqual(Ranges);

    /// <param name="ranges">(prompt start, prompt length, own start, own length) of each query.</param>
    /// <param name="capacity">Rows of the cache.</param>
    /// <param name="window">A query sees the last so many; 0: all.</param>
    /// <param name="multiple">Of the number of columns.</param>
    /// <exception cref="ShapeException">A range reaches beyond the cache, or there is no own row.</exception>
    public static SeenRows Of(ReadOnlySpan<int> ranges, int capacity, int window, int multiple)
    {
        int n = ranges.Length / 4;
        int longest = 0;
        for (int i = 0; i < n; i++)
        {
            ReadOnlySpan<int> r = ranges.Slice(4 * i, 4);
            if (r[0] < 0 || r[1] < 0 || r[2] < 0 || r[3] < 1 || r[0] + r[1] > capacity || r[2] + r[3] > capacity)
            {
                throw new ShapeException(FormattableString.Invariant(
                    $"DecodeAttention: expected ranges within {capacity} cache rows and at least one own row, ") +
                    FormattableString.Invariant($"got prompt {r[0]}+{r[1]}, own {r[2]}+{r[3]} in row {i}."));
            }

            longest = Math.Max(longest, Seen(r, window));
        }

        longest = (longest + multiple - 1) / multiple * multiple;
        int[] rows = new int[n * longest];
        float[] mask = new float[n * longest];
        for (int i = 0; i < n; i++)
        {
            ReadOnlySpan<int> r = ranges.Slice(4 * i, 4);
            int seen = Seen(r, window);
            int first = r[1] + r[3] - seen;
            for (int t = 0; t < longest; t++)
            {
                int at = first + Math.Min(t, seen - 1);
                rows[(i * longest) + t] = at < r[1] ? r[0] + at : r[2] + at - r[1];
                mask[(i * longest) + t] = t < seen ? 0 : float.NegativeInfinity;
            }
        }

        return new SeenRows(ranges.ToArray(), capacity, window, longest, rows, mask);
    }

    private static int Seen(ReadOnlySpan<int> range, int window)
    {
        int all = range[1] + range[3];
        return window == 0 ? all : Math.Min(window, all);
    }
}
