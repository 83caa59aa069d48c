using System.Globalization;
using System.IO.Compression;

namespace Goodhart.Text.Chat.Names;

/// <summary>Characters by the names that Unicode 14 has for them, aliases too: those that Python 3.11 knows, which .NET does not.</summary>
internal static class CharacterNames
{
    private const string Resource = "unicode-names";

    /// <summary>Read when the first name is asked for, which published templates never do.</summary>
    private static readonly Lazy<Dictionary<string, int>> Table = new(Read);

    /// <returns>Null where no character has the name.</returns>
    public static int? Find(string name) => ComputedNames.Find(name) ?? (Table.Value.TryGetValue(name, out int point) ? point : null);

    private static Dictionary<string, int> Read()
    {
        Dictionary<string, int> points = new(35_000, StringComparer.OrdinalIgnoreCase);
        using Stream packed = typeof(CharacterNames).Assembly.GetManifestResourceStream(Resource)
            ?? throw new InvalidOperationException($"{Resource}: expected this resource in the program, found none.");
        using StreamReader reader = new(new GZipStream(packed, CompressionMode.Decompress));
        int next = 0;
        while (reader.ReadLine() is { } line)
        {
            int end = line.IndexOf(';', StringComparison.Ordinal);
            int point = end < 0 ? next : int.Parse(line.AsSpan(0, end), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
            points[line[(end + 1)..]] = point;
            next = point + 1;
        }

        return points;
    }
}
