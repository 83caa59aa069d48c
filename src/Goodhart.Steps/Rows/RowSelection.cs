using Goodhart.Engine.Randomness;

namespace Goodhart.Steps.Rows;

/// <summary>
/// So many of a file's rows, drawn by a seed and left in the file's order: which ones does not depend on how the file is sorted.
/// </summary>
public sealed record RowSelection(int Count, ulong Seed)
{
    /// <summary>Rows that were drawn before these, and are none of them; null: none were.</summary>
    public int? After { get; init; }

    /// <exception cref="InvalidDataException">There are fewer.</exception>
    public IReadOnlyList<T> Of<T>(IReadOnlyList<T> rows, string file, string what)
    {
        int before = After ?? 0;
        if (rows.Count < before + Count)
        {
            throw new InvalidDataException(
                FormattableString.Invariant($"{file}: expected at least {before + Count} {what}, found {rows.Count}")
                    + (After is null
                        ? "."
                        : FormattableString.Invariant($": {before} are used, and {Count} others are to be fresh. Ask for fewer.")));
        }

        int[] chosen = new RandomStream(Seed, "row selection", 0).Permutation(rows.Count)[before..(before + Count)];
        return [.. chosen.Order().Select(row => rows[row])];
    }
}
