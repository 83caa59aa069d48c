namespace Goodhart.Text.Datasets.Files;

/// <summary>JSON lines, one at a time. Empty lines are passed over.</summary>
internal static class JsonLinesRows
{
    public static IEnumerable<DataRow> Read(string file, Stream stream)
    {
        using ByteWindow window = new(file, stream);
        int index = 0;
        for (int line = 1; NextLine(window, line) is { } length; line++)
        {
            if (ParseLine(file, index, line, window.Bytes[..length]) is { } row)
            {
                index++;
                yield return row;
            }

            window.Advance(Math.Min(length + 1, window.Bytes.Length));
        }
    }

    private static DataRow? ParseLine(string file, int index, int line, ReadOnlySpan<byte> bytes) =>
        bytes.Trim(" \t\r"u8).IsEmpty ? null : JsonRow.Parse(file, index, Place(line), bytes);

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
