namespace Goodhart.Text.Datasets.Files;

/// <summary>JSON lines, one at a time. Empty lines are passed over.</summary>
internal static class JsonLinesRows
{
    /// <param name="bad">Is told of a line that is no row; null: it is thrown.</param>
    public static IEnumerable<DataRow> Read(string file, Stream stream, Action<BadRowException>? bad)
    {
        using ByteWindow window = new(file, stream);
        int index = 0;
        for (int line = 1; NextLine(window, line) is { } length; line++)
        {
            if (!window.Bytes[..length].Trim(" \t\r"u8).IsEmpty)
            {
                DataRow? row = Parse(file, index++, line, window.Unused[..length], bad);
                if (row is not null)
                {
                    yield return row;
                }
            }

            window.Advance(Math.Min(length + 1, window.Bytes.Length));
        }
    }

    private static DataRow? Parse(string file, int index, int line, Span<byte> bytes, Action<BadRowException>? bad)
    {
        HashSet<long>? nonFinite = null;
        while (true)
        {
            try
            {
                return JsonRow.Parse(file, index, Place(line), bytes, nonFinite);
            }
            catch (InvalidDataException refusal) when (BadRowException.Of(refusal) is { } fault)
            {
                if (nonFinite is null && NonFiniteNumbers.Blank(bytes, 0, nonFinite = []))
                {
                    continue;
                }

                fault.Tell(bad);
                return null;
            }
        }
    }

    /// <summary>Length of the line that the window begins with, without its line feed; null at the end.</summary>
    private static int? NextLine(ByteWindow window, int line)
    {
        int searched = 0;
        while (true)
        {
            int feed = window.Bytes[searched..].IndexOf((byte)'\n');
            if (feed >= 0)
            {
                return searched + feed;
            }

            searched = window.Bytes.Length;
            if (window.Ended)
            {
                return searched == 0 ? null : searched;
            }

            window.Grow(Place(line));
        }
    }

    private static string Place(int line) => FormattableString.Invariant($"line {line}");
}
