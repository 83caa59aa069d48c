using Goodhart.Text.Data;
using Goodhart.Text.Datasets.Conversations;

namespace Goodhart.Text.Datasets.Shapes;

/// <summary>A conversation so far, and one answer to it: a list, one message or a string, which may repeat the conversation before
/// it.</summary>
public sealed record ConversationCompletions(ConversationTemplate Template) : ExampleShape
{
    public override string Description => $"prompt as messages and completion as the answer; written in the {Template.Name} template";

    internal override ConversationTemplate? Writer => Template;

    internal override IReadOnlyList<string> Roles => ["system", "prompt", "completion"];

    internal override Reading<SftRow> ReadExample(Cells cells)
    {
        if (cells.IsMissing("completion") || cells.IsMissing("prompt"))
        {
            return cells.IsMissing("prompt") ? SkipReason.NoPrompt : SkipReason.NoCompletion;
        }

        Message[] prompt = cells.Messages("prompt", Speaker.User);
        WrittenConversation written = Template.Write(
            cells.WithSystem(prompt), [AnswerTurns.Read(cells, "completion", prompt)], cells.Extras());
        return new SftRow(cells.Row.Index, written.Prompt, written.Answers[0]);
    }

    internal override string? ReadPrompt(Cells cells) =>
        cells.IsMissing("prompt") ? null : Template.Prompt(cells.WithSystem(cells.Messages("prompt", Speaker.User)), cells.Extras());
}
