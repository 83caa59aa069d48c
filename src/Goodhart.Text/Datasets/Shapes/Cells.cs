using System.Text.Json;
using System.Text.Json.Nodes;
using Goodhart.Text.Datasets.Conversations;
using Goodhart.Text.Datasets.Files;

namespace Goodhart.Text.Datasets.Shapes;

/// <summary>A row seen by role instead of by column.</summary>
internal readonly record struct Cells(DataRow Row, ColumnMap Columns)
{
    /// <summary>What the row's texts spell, each looked at once; null for a text that is one.</summary>
    private readonly Dictionary<string, JsonArray?> spelled = new(StringComparer.Ordinal);

    /// <summary>Whether the file is a table, whose messages have all fields that any message has.</summary>
    public bool IsTable { get; init; }

    /// <summary>Told when a prompt is cut to what it shares with its answers.</summary>
    public Action? Cut { get; init; }

    /// <summary>What the row has for a chat template beside its turns.</summary>
    public ConversationExtras Extras() =>
        new(Row.Fields["tools"], Row.Fields["documents"], Row.Fields["chat_template_kwargs"] as JsonObject, IsTable, Cut);

    public bool Has(string role) => Columns.Of(role) is { Length: > 0 } column && Row.Fields.ContainsKey(column);

    /// <summary>A text that spells a list of messages, or a history, as JSON is that list, in whatever format the file is.</summary>
    public JsonNode? Find(string role) => Has(role) ? Value(Columns.Of(role), role == "history") : null;

    /// <summary>A column's value, as <see cref="Find"/> has it.</summary>
    public JsonNode? Value(string column, bool isHistory = false)
    {
        if (Row.Fields[column] is not JsonValue value || value.GetValueKind() != JsonValueKind.String)
        {
            return Row.Fields[column];
        }

        if (!spelled.TryGetValue(column, out JsonArray? list))
        {
            spelled[column] = list = SpelledMessages.InText(value.GetValue<string>(), isHistory);
        }

        return list ?? (JsonNode)value;
    }

    /// <summary>Whether the file says something there that cannot be had of it.</summary>
    public bool IsFaulty(string role) => Row.Faults.ContainsKey(Columns.Of(role));

    public bool IsText(string role) => Find(role) is JsonValue value && value.GetValueKind() == JsonValueKind.String;

    /// <summary>A list of messages, or one message.</summary>
    public bool IsConversation(string role) => Find(role) is JsonArray or JsonObject;

    /// <summary>Null where the cell is absent or null, or a list without messages.</summary>
    public bool IsMissing(string role) => (Find(role) is null or JsonArray { Count: 0 }) && !IsFaulty(role);

    public string Text(string role)
    {
        string text = IsText(role) ? Find(role)!.GetValue<string>() : throw Error(role, "a string, as in the rows before");
        return !PythonText.Is(text) ? text : throw Row.Error(Columns.Of(role), PythonText.Refusal(text));
    }

    public Message[] Messages(string role) => IsConversation(role)
        ? MessageReader.Read(Row, Columns.Of(role), Find(role)!)
        : throw (IsText(role) ? NoList(role) : Error(role, "a list of messages, as in the rows before"));

    /// <summary>A text where a list of messages has to be.</summary>
    public InvalidDataException NoList(string role)
    {
        string text = Find(role)!.GetValue<string>();
        return Row.Error(
            Columns.Of(role),
            PythonText.Is(text) ? PythonText.Refusal(text)
                : text.TrimStart() is ['[' or '{', ..]
                    ? "expected a list of messages, found a text that begins as one in JSON; write the column as a list, not as "
                        + "a text of it"
                : "expected a list of messages, found a text");
    }

    /// <summary>The text that stands before a conversation as its system message; null where there is none.</summary>
    public string? System() => IsMissing("system") ? null : Text("system") is { Length: > 0 } text ? text : null;

    /// <summary>A conversation with the row's system text at its beginning, unless it has that itself.</summary>
    public Message[] WithSystem(Message[] conversation)
    {
        Message[] before = System() is { } text ? [new Message(Speaker.System, text)] : [];
        return conversation is not [{ Speaker: Speaker.System }, ..] || before.Length == 0 ? [.. before, .. conversation]
            : conversation[0] == before[0] ? conversation
            : throw Row.Error(
                Columns.Of("system"),
                "expected no second system text, as the conversation begins with another; --columns system= leaves the column out");
    }

    /// <summary>Messages, or a string as the single message of a speaker.</summary>
    public Message[] Messages(string role, Speaker speaker) => IsText(role) ? [new Message(speaker, Text(role))] : Messages(role);

    public InvalidDataException Error(string role, string expected) =>
        Row.Error(Columns.Of(role), $"expected {expected}, found {Row.Found(Columns.Of(role), Find(role))}");
}
