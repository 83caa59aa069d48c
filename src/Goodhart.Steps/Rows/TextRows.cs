using System.Text.Json;
using System.Text.Json.Nodes;
using Goodhart.Text.Datasets.Files;

namespace Goodhart.Steps.Rows;

/// <summary>Rows from a stream, a line at a time: what is typed or piped is answered as it comes.</summary>
public static class TextRows
{
    /// <summary>JSON lines; empty lines are passed over.</summary>
    /// <exception cref="InvalidDataException">A line that is no JSON object; the message has its number.</exception>
    public static IEnumerable<DataRow> FromJson(string file, TextReader reader)
    {
        int index = 0;
        foreach ((int line, string text) in Lines(reader))
        {
            if (!string.IsNullOrWhiteSpace(text))
            {
                yield return new DataRow(file, index++, Place(line), Parse(file, text, line));
            }
        }
    }

    /// <summary>Plain text, one text a line, as the column <c>text</c>.</summary>
    public static IEnumerable<DataRow> FromText(string file, TextReader reader) =>
        Lines(reader).Select(line => new DataRow(file, line.Number - 1, Place(line.Number), new JsonObject { ["text"] = line.Text }));

    private static JsonObject Parse(string file, string text, int line)
    {
        try
        {
            return JsonNode.Parse(text) as JsonObject ?? throw new JsonException("it is JSON of another kind");
        }
        catch (JsonException fault)
        {
            throw new InvalidDataException(
                $"{file} {Place(line)}: expected a JSON object such as {{\"text\": \"...\"}}; {fault.Message}. "
                + "For plain text, one text a line, give --lines.",
                fault);
        }
    }

    private static IEnumerable<(int Number, string Text)> Lines(TextReader reader)
    {
        for (int number = 1; reader.ReadLine() is { } text; number++)
        {
            yield return (number, text);
        }
    }

    private static string Place(int line) => FormattableString.Invariant($"line {line}");
}
