namespace Goodhart.Text;

/// <summary>The valid name that a misspelled one probably meant.</summary>
public static class NearestName
{
    /// <summary>The candidate that takes the fewest edits; null where even that takes more than half the word.</summary>
    public static string? Find(string found, IEnumerable<string> candidates) => candidates
        .Select(candidate => (Name: candidate, Edits: Edits(found.ToUpperInvariant(), candidate.ToUpperInvariant())))
        .Where(candidate => candidate.Edits <= Math.Max(2, candidate.Name.Length / 2) && candidate.Edits < candidate.Name.Length)
        .OrderBy(candidate => candidate.Edits)
        .Select(candidate => candidate.Name)
        .FirstOrDefault();

    /// <summary>" Did you mean 'x'?", or nothing.</summary>
    public static string Question(string found, IEnumerable<string> candidates) =>
        Find(found, candidates) is { } nearest ? $" Did you mean '{nearest}'?" : "";

    /// <summary>Levenshtein's distance, one row of its table at a time.</summary>
    public static int Edits(string a, string b)
    {
        int[] row = [.. Enumerable.Range(0, b.Length + 1)];
        for (int i = 1; i <= a.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.Length; j++)
            {
                int replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(replaced, 1 + Math.Min(row[j], row[j - 1]));
            }
        }

        return row[b.Length];
    }
}
