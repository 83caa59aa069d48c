using System.Text.Json.Nodes;

namespace Goodhart.Text.Datasets.Conversations;

/// <summary>
/// What a conversation says, whatever model it is for: HH's layout, and as JSON what that has no words for: the calls of a turn, and all
/// fields of a turn that has no text and no calls. It tells prompts apart and finds those of one dialogue; nothing is trained on it.
/// </summary>
/// <remarks>No turn is refused: what some model's template writes has to be counted.</remarks>
public sealed record CanonicalDialogue : PlainDialogue
{
    public override string Name => "canonical";

    public override bool Uses(string field) => base.Uses(field) || MessageFields.Calls.Contains(field);

    protected override string Text(Message turn)
    {
        JsonObject fields = turn.Fields ?? [];
        string said = turn.Content + string.Concat(MessageFields.Calls.Select(name => Json(MessageFields.WithoutNulls(fields[name]))));
        return turn.HasContent || said.Length > 0
            ? said
            : Json(MessageFields.WithoutNulls(new JsonObject(fields.Where(field => !Uses(field.Key))
                .Select(field => KeyValuePair.Create(field.Key, field.Value?.DeepClone())))));
    }

    private static string Json(JsonNode? node) =>
        node is null or JsonArray { Count: 0 } or JsonObject { Count: 0 } ? "" : node.ToJsonString();
}
