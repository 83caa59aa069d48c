using System.Text.Json.Nodes;
using Goodhart.Text.Datasets.Files;

namespace Goodhart.Text.Datasets.Conversations;

/// <summary>Messages as {role, content}, or as {from, value} in LLaMA-Factory's files.</summary>
internal static class MessageReader
{
    /// <param name="node">A list of messages, or a single one.</param>
    public static Message[] Read(DataRow row, string column, JsonNode node) => node switch
    {
        JsonArray list => [.. list.Select((message, i) => ReadOne(row, FormattableString.Invariant($"{column}[{i}]"), message))],
        _ => [ReadOne(row, column, node)],
    };

    private static Message ReadOne(DataRow row, string where, JsonNode? node)
    {
        if (node is not JsonObject message)
        {
            throw row.Error(where, $"expected a message {{role, content}} or {{from, value}}, found {row.Found(where, node)}");
        }

        bool ours = message.ContainsKey("role") || !message.ContainsKey("from");
        string role = ours ? "role" : "from";
        string content = ours ? "content" : "value";
        Speaker speaker = SpeakerOf(row, where, Text(row, $"{where}.{role}", message, role));
        string place = $"{where}.{content}";
        bool isSilent = message[content] is null && !row.Faults.ContainsKey(place);
        string text = isSilent ? ""
            : message[content] is JsonArray parts
                ? string.Concat(parts.Select((part, i) => Part(row, FormattableString.Invariant($"{place}[{i}]"), part)))
            : Text(row, place, message, content);
        return new Message(speaker, text) { HasContent = !isSilent, Fields = message, Place = where };
    }

    private static string Text(DataRow row, string place, JsonObject message, string name) => message[name] is JsonValue value
        && value.TryGetValue(out string? text)
        ? text
        : throw row.Error(place, $"expected a string, found {(message.ContainsKey(name) ? row.Found(place, message[name]) : "nothing")}");

    /// <summary>A part of a content that is a list: a text, or {type: text, text}.</summary>
    private static string Part(DataRow row, string place, JsonNode? node)
    {
        if (node is JsonObject part)
        {
            return part["type"] is not JsonValue type || !type.TryGetValue(out string? kind) || kind == "text"
                ? Text(row, $"{place}.text", part, "text")
                : throw row.Error(place, $"expected parts of type text, found one of type '{kind}'");
        }

        return node is JsonValue value && value.TryGetValue(out string? text)
            ? text
            : throw row.Error(place, $"expected a text or a part {{type, text}}, found {row.Found(place, node)}");
    }

    private static Speaker SpeakerOf(DataRow row, string where, string role) => role switch
    {
        "user" or "human" => Speaker.User,
        "assistant" or "gpt" or "model" or "function_call" => Speaker.Assistant,
        "system" or "developer" => Speaker.System,
        "tool" or "function" or "observation" or "ipython" => Speaker.Tool,
        _ => throw row.Error(
            where,
            $"expected a role of user (human), assistant (gpt, model), system (developer) or tool (function, observation), found '{role}'"),
    };
}
