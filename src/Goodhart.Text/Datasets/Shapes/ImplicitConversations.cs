using Goodhart.Text.Data;
using Goodhart.Text.Datasets.Conversations;

namespace Goodhart.Text.Datasets.Shapes;

/// <summary>
/// Two whole conversations. The prompt is the messages that both begin with, cut back to where both go on with an assistant's turn.
/// A column <c>prompt</c> that repeats the first question is not read.
/// </summary>
public sealed record ImplicitConversations(ConversationTemplate Template) : PreferenceShape
{
    public override string Description =>
        $"chosen and rejected as whole conversations, the prompt is what they share; written in the {Template.Name} template";

    internal override IReadOnlyList<string> Roles => ["system", "chosen", "rejected"];

    internal override Reading<PreferenceRow> ReadPair(Cells cells)
    {
        if (MissingResponse(cells) is { } reason)
        {
            return reason;
        }

        Message[] chosen = cells.Messages("chosen");
        Message[] rejected = cells.Messages("rejected");
        int shared = Math.Min(chosen.AsSpan().CommonPrefixLength(rejected), Math.Min(chosen.Length, rejected.Length) - 1);
        while (shared > 0 && (chosen[shared].Speaker != Speaker.Assistant || rejected[shared].Speaker != Speaker.Assistant))
        {
            shared--;
        }

        return shared == 0
            ? SkipReason.NoSharedPrompt
            : new PreferenceRow(
                cells.Row.Index,
                Template.Prompt(cells.WithSystem(chosen[..shared])),
                Template.Response(chosen[shared..]),
                Template.Response(rejected[shared..]));
    }

    internal override string? ReadPrompt(Cells cells) => ReadPair(cells).Row?.Prompt;
}
