namespace Goodhart.Text.Datasets;

/// <summary>Rows as a template writes them, each with what it says whoever writes it: lengths are of the first, and by the second rows
/// and prompts are told apart.</summary>
public static class SaidRows
{
    /// <summary>One pass over the data as they are written, and one beside it over what they say.</summary>
    /// <param name="read">The rows of either, in the file's order; the second is given no tally.</param>
    /// <param name="id">A row's place in the file.</param>
    /// <param name="tally">Counts what is read as it is written.</param>
    /// <returns>The rows that can be written. A row that says nothing on its own stands for itself.</returns>
    /// <exception cref="InvalidDataException">A bad row.</exception>
    public static IEnumerable<(T Written, T Said)> Read<T>(
        Dataset data, Func<Dataset, SkipTally?, IEnumerable<T>> read, Func<T, int> id, SkipTally tally)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(read);
        ArgumentNullException.ThrowIfNull(id);
        Dataset said = data.Said();
        return ReferenceEquals(said, data)
            ? read(data, tally).Select(row => (row, row))
            : Beside(read(data, tally), read(said, null), id);
    }

    private static IEnumerable<(T Written, T Said)> Beside<T>(IEnumerable<T> written, IEnumerable<T> said, Func<T, int> id)
    {
        using IEnumerator<T> others = said.GetEnumerator();
        bool isThere = others.MoveNext();
        foreach (T row in written)
        {
            // Those before it are rows that its template refuses.
            while (isThere && id(others.Current) < id(row))
            {
                isThere = others.MoveNext();
            }

            yield return (row, isThere && id(others.Current) == id(row) ? others.Current : row);
        }
    }
}
