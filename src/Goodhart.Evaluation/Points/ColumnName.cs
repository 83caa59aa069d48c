namespace Goodhart.Evaluation.Points;

/// <summary>Column names compare without case, underscores, hyphens and spaces.</summary>
internal static class ColumnName
{
    public static string Normalize(string name) => string.Concat(name.Where(char.IsLetterOrDigit)).ToLowerInvariant();

    public static bool Same(string a, string b) => Normalize(a) == Normalize(b);

    /// <summary>The candidate that needs the fewest edits, where that is a plausible misspelling.</summary>
    public static string? Nearest(string wanted, IEnumerable<string> candidates)
    {
        (string Name, int Distance) best = candidates
            .Select(name => (Name: name, Distance: Edits(Normalize(wanted), Normalize(name))))
            .DefaultIfEmpty((Name: string.Empty, Distance: int.MaxValue))
            .MinBy(candidate => candidate.Distance);
        return best.Distance <= Math.Max(2, wanted.Length / 2) ? best.Name : null;
    }

    /// <summary>Levenshtein's distance.</summary>
    private static int Edits(string a, string b)
    {
        int[] row = [.. Enumerable.Range(0, b.Length + 1)];
        for (int i = 1; i <= a.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.Length; j++)
            {
                int substituted = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(substituted, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[b.Length];
    }
}
