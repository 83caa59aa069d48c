using System.Text.Json.Nodes;

namespace Goodhart.Text.Datasets.Conversations;

/// <summary>What a row has for a template beside its turns.</summary>
/// <param name="Variables">Its <c>chat_template_kwargs</c>.</param>
/// <param name="FromTable">Fields of messages that a table fills with nulls are no fields.</param>
/// <param name="Cut">Told when a prompt is cut to what it shares with its answers.</param>
public sealed record ConversationExtras(JsonNode? Tools, JsonNode? Documents, JsonObject? Variables, bool FromTable, Action? Cut)
{
    public static ConversationExtras None { get; } = new(null, null, null, false, null);
}
