using System.Text.Json.Nodes;

namespace Goodhart.Text.Datasets.Conversations;

/// <summary>A turn as templates know it: role and content, and all else that the file says.</summary>
internal static class MessageFields
{
    /// <summary>What a turn calls, as OpenAI names them now, and as it named the one that a turn could have.</summary>
    public static readonly string[] Calls = ["tool_calls", "function_call"];

    private static readonly Dictionary<string, string> Roles = new(StringComparer.Ordinal)
    {
        ["human"] = "user",
        ["gpt"] = "assistant",
        ["model"] = "assistant",
        ["function_call"] = "assistant",
        ["observation"] = "tool",
    };

    /// <param name="fromTable">A table gives every message all fields that any message has: those that are null are no fields.</param>
    public static JsonObject Of(Message turn, bool fromTable)
    {
        string role = turn.Speaker.ToString().ToLowerInvariant();
        JsonObject fields = new() { ["role"] = role };
        if (turn.HasContent)
        {
            fields["content"] = turn.Content;
        }

        foreach ((string name, JsonNode? value) in turn.Fields ?? [])
        {
            string? own = name == "role" ? (string?)value : null;
            if (own is not null)
            {
                fields["role"] = Roles.GetValueOrDefault(own, own);
            }
            else if (name is not ("from" or "value") && !(fromTable && value is null))
            {
                fields[name] = fromTable ? WithoutNulls(value) : value?.DeepClone();
            }
        }

        return fields;
    }

    /// <summary>A copy without what is null, as tables fill in.</summary>
    public static JsonNode? WithoutNulls(JsonNode? value) => value switch
    {
        JsonObject map => new JsonObject(map.Where(entry => entry.Value is not null)
            .Select(entry => new KeyValuePair<string, JsonNode?>(entry.Key, WithoutNulls(entry.Value)))),
        JsonArray list => new JsonArray([.. list.Select(WithoutNulls)]),
        _ => value?.DeepClone(),
    };
}
