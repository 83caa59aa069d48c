using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Goodhart.Text.Datasets.Files;

/// <summary>Messages, or a history of exchanges, that a text spells as JSON: where a format or a habit has no lists in its
/// columns.</summary>
internal static class SpelledMessages
{
    /// <summary>What a CSV cell spells, as <c>data convert --to csv</c> writes it: a list, or one message.</summary>
    /// <returns>Null where the text only looks like it.</returns>
    public static JsonNode? InCell(string text) => Read(text) switch
    {
        JsonArray many when many.All(IsMessage) || many.All(IsExchange) => many,
        JsonObject one when IsMessage(one) => one,
        _ => null,
    };

    /// <summary>What a text of any other format spells: a list alone, since an answer may well be a JSON object.</summary>
    /// <param name="isHistory">Whether exchanges of two texts are meant rather than messages: an answer may be a table of texts.</param>
    /// <returns>Null where the text only looks like it.</returns>
    public static JsonArray? InText(string text, bool isHistory) =>
        isHistory && text.Trim() == "[]" ? []
        : Read(text) is JsonArray { Count: > 0 } many && many.All(isHistory ? IsExchange : IsMessage) ? many : null;

    private static JsonNode? Read(string text)
    {
        if (!MayBe(text))
        {
            return null;
        }

        try
        {
            JsonObject parsed = JsonRow.Parse("", 0, "", Encoding.UTF8.GetBytes($"{{\"cell\":{text}}}")).Fields;
            JsonNode? cell = parsed["cell"];
            parsed.Remove("cell");
            return cell;
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }

    /// <summary>Whether a text begins and ends as JSON does of what a cell may hold, with blanks or without.</summary>
    private static bool MayBe(string text) =>
        text.AsSpan().Trim() is ['[' or '{', .., ']' or '}']
        && string.Concat(text.Where(c => !char.IsWhiteSpace(c)).Take(3)) is ['[', '{' or '[', '"'] or ['{', '"', ..];

    private static bool IsExchange(JsonNode? node) =>
        node is JsonArray { Count: 2 } texts && texts.All(text => text?.GetValueKind() == JsonValueKind.String);

    private static bool IsMessage(JsonNode? node) => node is JsonObject message
        && ((message.ContainsKey("role") && (message.ContainsKey("content") || message.ContainsKey("tool_calls")))
            || (message.ContainsKey("from") && message.ContainsKey("value")));
}
