using System.Text.Json;
using System.Text.Json.Nodes;
using Goodhart.Text.Datasets.Conversations;
using Goodhart.Text.Datasets.Files;

namespace Goodhart.Text.Datasets.Shapes;

/// <summary>A row seen by role instead of by column.</summary>
internal readonly record struct Cells(DataRow Row, ColumnMap Columns)
{
    public bool Has(string role) => Row.Fields.ContainsKey(Columns.Of(role));

    public JsonNode? Find(string role) => Row.Fields.TryGetPropertyValue(Columns.Of(role), out JsonNode? value) ? value : null;

    public bool IsText(string role) => Find(role) is JsonValue value && value.GetValueKind() == JsonValueKind.String;

    /// <summary>A list of messages, or one message.</summary>
    public bool IsConversation(string role) => Find(role) is JsonArray or JsonObject;

    /// <summary>Null where the cell is absent or null, or a list without messages.</summary>
    public bool IsMissing(string role) => Find(role) is null or JsonArray { Count: 0 };

    public string Text(string role) => IsText(role)
        ? Find(role)!.GetValue<string>()
        : throw Error(role, "a string, as in the rows before");

    public Message[] Messages(string role) => IsConversation(role)
        ? MessageReader.Read(Row, Columns.Of(role), Find(role)!)
        : throw Error(role, "a list of messages, as in the rows before");

    /// <summary>Messages, or a string as the single message of a speaker.</summary>
    public Message[] Messages(string role, Speaker speaker) => IsText(role) ? [new Message(speaker, Text(role))] : Messages(role);

    public InvalidDataException Error(string role, string expected) =>
        Row.Error(Columns.Of(role), $"expected {expected}, found {JsonRow.Named(Find(role)?.GetValueKind() ?? JsonValueKind.Null)}");
}
