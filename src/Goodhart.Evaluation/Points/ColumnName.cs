using Goodhart.Text;

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
            .Select(name => (Name: name, Distance: NearestName.Edits(Normalize(wanted), Normalize(name))))
            .DefaultIfEmpty((Name: string.Empty, Distance: int.MaxValue))
            .MinBy(candidate => candidate.Distance);
        return best.Distance <= Math.Max(2, wanted.Length / 2) ? best.Name : null;
    }
}
