using System.Text.Json;
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
            throw row.Error(where, $"expected a message {{role, content}} or {{from, value}}, found {Found(node)}");
        }

        bool ours = message.ContainsKey("role") || !message.ContainsKey("from");
        string role = Text(row, where, message, ours ? "role" : "from");
        string content = Text(row, where, message, ours ? "content" : "value");
        return new Message(SpeakerOf(row, where, role), content);
    }

    private static string Text(DataRow row, string where, JsonObject message, string name) =>
        message[name] is JsonValue value && value.TryGetValue(out string? text)
            ? text
            : throw row.Error(
                $"{where}.{name}", $"expected a string, found {(message.ContainsKey(name) ? Found(message[name]) : "nothing")}");

    private static Speaker SpeakerOf(DataRow row, string where, string role) => role switch
    {
        "user" or "human" => Speaker.User,
        "assistant" or "gpt" => Speaker.Assistant,
        "system" => Speaker.System,
        _ => throw row.Error(
            where, $"expected a role of user (human), assistant (gpt) or system, found '{role}'; tool calls are not supported"),
    };

    private static string Found(JsonNode? node) => JsonRow.Named(node?.GetValueKind() ?? JsonValueKind.Null);
}
