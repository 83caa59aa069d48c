using System.Text.Json;
using System.Text.Json.Nodes;
using Goodhart.Text.Chat.Safety;
using Goodhart.Text.Chat.Values;

namespace Goodhart.Text.Chat;

/// <summary>
/// Ends a rendered text within its last message, as transformers does: a mark is put behind the message's text, and what is rendered is cut
/// where the mark shows up.
/// </summary>
internal static class ContinuedMessage
{
    private const string Mark = "CONTINUE_FINAL_MESSAGE_TAG ";

    /// <summary>The messages with the mark behind the last one's content, or behind its last part that has text.</summary>
    public static JsonElement Marked(JsonElement messages)
    {
        JsonArray copy = messages.ValueKind == JsonValueKind.Array && messages.GetArrayLength() > 0
            ? JsonArray.Create(messages)!
            : throw Missing("there is no message");
        JsonNode? last = copy[^1];
        JsonNode? content = last is JsonObject message ? message["content"] : null;
        switch (content)
        {
            case JsonValue value when value.GetValueKind() == JsonValueKind.String:
                last!["content"] = value.GetValue<string>() + Mark;
                break;
            case JsonArray parts when parts.LastOrDefault(part => part is JsonObject named && named.ContainsKey("text")) is JsonObject part:
                part["text"] = part["text"]!.GetValue<string>() + Mark;
                break;
            default:
                throw Missing("the last message has no text");
        }

        return JsonSerializer.SerializeToElement(copy);
    }

    /// <param name="messages">Those without the mark: the last one's text must stand in the rendered one as it is.</param>
    public static string Cut(string rendered, JsonElement messages)
    {
        JsonElement content = messages[messages.GetArrayLength() - 1].GetProperty("content");
        string text = content.ValueKind == JsonValueKind.String
            ? content.GetString()!
            : content.EnumerateArray().Last(part => part.TryGetProperty("text", out _)).GetProperty("text").GetString()!;
        int at = !rendered.Contains(WhiteSpace.Trim(text), StringComparison.Ordinal) ? -1
            : rendered.LastIndexOf(Mark[..^1], StringComparison.Ordinal);
        if (at < 0)
        {
            throw Missing("the template does not write the last message, or changes it");
        }

        // A template that strips the message has stripped the blank of the mark too.
        return rendered.AsSpan(at).StartsWith(Mark) ? rendered[..at] : rendered[..WhiteSpace.StartOfEnd(rendered.AsSpan(0, at))];
    }

    private static TemplateFault Missing(string why) => TemplateFault.Value($"the last message cannot be continued: {why}");
}
