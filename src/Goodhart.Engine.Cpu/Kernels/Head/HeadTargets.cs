namespace Goodhart.Engine.Cpu;

/// <summary>Targets in order of their rows; those of one row keep their order.</summary>
internal readonly unsafe struct HeadTargets
{
    private readonly int* start;
    private readonly int* order;

    /// <param name="space">Room for <see cref="Space"/> numbers.</param>
    public HeadTargets(string operation, int* rows, int* tokens, int count, int rowCount, int vocabulary, int* space)
    {
        start = space;
        order = space + rowCount + 1;
        new Span<int>(start, rowCount + 1).Clear();
        for (int t = 0; t < count; t++)
        {
            if ((uint)rows[t] >= (uint)rowCount || (uint)tokens[t] >= (uint)vocabulary)
            {
                throw new ArgumentOutOfRangeException(
                    nameof(tokens),
                    $"{operation}: expected rows below {rowCount} and tokens below {vocabulary}, "
                    + $"but target {t} is token {tokens[t]} of row {rows[t]}.");
            }

            start[rows[t] + 1]++;
        }

        for (int i = 0; i < rowCount; i++)
        {
            start[i + 1] += start[i];
        }

        for (int t = count - 1; t >= 0; t--)
        {
            order[--start[rows[t] + 1]] = t;
        }

        // start[i + 1] was where row i ends; filling from behind has made it where row i begins.
        Count = count;
        RowCount = rowCount;
    }

    public int Count { get; }

    public int RowCount { get; }

    public static long Space(int count, int rowCount) => (long)count + rowCount + 1;

    /// <summary>Targets of a row, ascending.</summary>
    public ReadOnlySpan<int> Of(int row)
    {
        int first = start[row + 1];
        int end = row + 2 <= RowCount ? start[row + 2] : Count;
        return new ReadOnlySpan<int>(order + first, end - first);
    }
}
