using System.Text.Json.Nodes;

namespace Goodhart.Text.Datasets.Conversations;

/// <summary>Who speaks.</summary>
public enum Speaker
{
    System,
    User,
    Assistant,

    /// <summary>What a tool answers to an assistant's call.</summary>
    Tool,
}

/// <summary>One turn of a conversation.</summary>
/// <param name="Content">The text; of a content of several parts, their texts one after the other. Empty where a turn has tool calls
/// alone.</param>
public sealed record Message(Speaker Speaker, string Content)
{
    /// <summary>False for a turn without a text, such as one of tool calls alone: only a model's own template knows what to write for
    /// it.</summary>
    public bool HasContent { get; init; } = true;

    /// <summary>All that the file says of the turn, <c>tool_calls</c> and the rest, for templates that want more. Belongs to
    /// the row.</summary>
    public JsonObject? Fields { get; init; }

    /// <summary>Where the turn stands in its row, for messages: <c>chosen[2]</c>.</summary>
    public string Place { get; init; } = "";

    /// <summary>Whether two turns say the same; when, or under which number, they were said is no part of that.</summary>
    public bool Equals(Message? other) => other is not null && Speaker == other.Speaker && Content == other.Content
        && HasContent == other.HasContent
        && MessageFields.Calls.All(name => JsonNode.DeepEquals(Fields?[name], other.Fields?[name]));

    public override int GetHashCode() => HashCode.Combine(Speaker, Content, HasContent);
}
