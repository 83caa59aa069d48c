using System.Text.Json.Nodes;

namespace Goodhart.Text.Datasets.Conversations;

/// <summary>
/// What a conversation says, whatever model it is for: HH's layout, and the tool calls of a turn, which it has no words for, as JSON.
/// It tells prompts apart and finds those of one dialogue; nothing is trained on it.
/// </summary>
public sealed record CanonicalDialogue : PlainDialogue
{
    private const string Calls = "tool_calls";

    public override string Name => "canonical";

    public override bool Uses(string field) => base.Uses(field) || field == Calls;

    protected override string Text(Message turn) => turn.Fields?[Calls] is JsonArray { Count: > 0 } calls
        ? turn.Content + calls.ToJsonString()
        : base.Text(turn);
}
