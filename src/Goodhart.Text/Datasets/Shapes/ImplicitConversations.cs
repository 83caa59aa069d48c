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

    internal override ConversationTemplate? Writer => Template;

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

        if (shared == 0)
        {
            return SkipReason.NoSharedPrompt;
        }

        WrittenConversation written = Template.Write(
            cells.WithSystem(chosen[..shared]), [chosen[shared..], rejected[shared..]], cells.Extras());
        return new PreferenceRow(cells.Row.Index, written.Prompt, written.Answers[0], written.Answers[1]);
    }

    internal override string? ReadPrompt(Cells cells) => ReadPair(cells).Row?.Prompt;
}
