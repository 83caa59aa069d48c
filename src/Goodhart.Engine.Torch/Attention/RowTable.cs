namespace Goodhart.Engine.Torch.Attention;

/// <summary>Rows of a matrix as a batch of lists, padded to one length.</summary>
/// <param name="Length">Rows of a list, padding included.</param>
/// <param name="Rows">[lists · length]: the row at each place; padding has the list's first.</param>
/// <param name="Places">Of the rows that are not padding, list by list: where they stand.</param>
internal sealed record RowTable(int Length, int[] Rows, int[] Places)
{
    /// <summary>The first row, where the batch is nothing but consecutive rows; −1 where it is not.</summary>
    public int First => Places.Length == Rows.Length && Rows.Index().All(place => place.Item == Rows[0] + place.Index) ? Rows[0] : -1;

    public bool IsPadded => Places.Length < Rows.Length;

    /// <summary>The rows that are not padding, in the order of <see cref="Places"/>.</summary>
    public int[] Targets => Array.ConvertAll(Places, place => Rows[place]);

    /// <param name="multiple">The length is a multiple of this.</param>
    public static RowTable Of(IReadOnlyList<List<int>> lists, int multiple)
    {
        int length = (lists.Max(list => list.Count) + multiple - 1) / multiple * multiple;
        int[] rows = new int[lists.Count * length];
        int[] places = new int[lists.Sum(list => list.Count)];
        int next = 0;
        for (int i = 0; i < lists.Count; i++)
        {
            Array.Fill(rows, lists[i][0], i * length, length);
            lists[i].CopyTo(rows, i * length);
            for (int place = 0; place < lists[i].Count; place++)
            {
                places[next++] = (i * length) + place;
            }
        }

        return new RowTable(length, rows, places);
    }
}
