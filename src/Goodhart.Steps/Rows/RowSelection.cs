using Goodhart.Engine.Randomness;

namespace Goodhart.Steps.Rows;

/// <summary>
/// So many of a file's rows, drawn by a seed and left in the file's order: which ones does not depend on how the file is sorted.
/// </summary>
public sealed record RowSelection(int Count, ulong Seed)
{
    /// <exception cref="InvalidDataException">There are fewer.</exception>
    public IReadOnlyList<T> Of<T>(IReadOnlyList<T> rows, string file, string what)
    {
        if (rows.Count < Count)
        {
            throw new InvalidDataException(FormattableString.Invariant($"{file}: expected at least {Count} {what}, found {rows.Count}."));
        }

        int[] chosen = new RandomStream(Seed, "row selection", 0).Permutation(rows.Count)[..Count];
        return [.. chosen.Order().Select(row => rows[row])];
    }
}
