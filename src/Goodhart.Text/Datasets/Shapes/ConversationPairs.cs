using Goodhart.Text.Data;
using Goodhart.Text.Datasets.Conversations;

namespace Goodhart.Text.Datasets.Shapes;

/// <summary>
/// A conversation so far, and two answers to it: TRL's lists of {role, content} and LLaMA-Factory's <c>conversations</c> of {from, value}.
/// An answer may be a list, one message or a string, and may repeat the conversation before it.
/// </summary>
/// <param name="PromptRole">Which of the roles holds the conversation so far.</param>
public sealed record ConversationPairs(string PromptRole, ConversationTemplate Template) : PreferenceShape
{
    public override string Description =>
        $"{PromptRole} as messages, chosen and rejected as answers; written in the {Template.Name} template";

    internal override ConversationTemplate? Writer => Template;

    internal override IReadOnlyList<string> Roles => ["system", PromptRole, "chosen", "rejected"];

    internal override Reading<PreferenceRow> ReadPair(Cells cells)
    {
        if ((MissingResponse(cells) ?? (cells.IsMissing(PromptRole) ? SkipReason.NoPrompt : null)) is { } reason)
        {
            return reason;
        }

        Message[] prompt = cells.Messages(PromptRole, Speaker.User);
        Message[][] answers = [AnswerTurns.Read(cells, "chosen", prompt), AnswerTurns.Read(cells, "rejected", prompt)];
        WrittenConversation written = Template.Write(cells.WithSystem(prompt), answers, cells.Extras());
        return new PreferenceRow(cells.Row.Index, written.Prompt, written.Answers[0], written.Answers[1]);
    }

    internal override string? ReadPrompt(Cells cells) =>
        cells.IsMissing(PromptRole) ? null : Template.Prompt(cells.WithSystem(cells.Messages(PromptRole, Speaker.User)), cells.Extras());
}
