using Goodhart.Text.Data;
using Goodhart.Text.Datasets.Conversations;

namespace Goodhart.Text.Datasets.Shapes;

/// <summary>A whole conversation as messages; its last turn is the completion.</summary>
/// <param name="Role">Which of the roles holds it.</param>
public sealed record WholeConversations(string Role, ConversationTemplate Template) : ExampleShape
{
    public override string Description => $"{Role}, the last assistant's turn is the completion; written in the {Template.Name} template";

    internal override ConversationTemplate? Writer => Template;

    internal override IReadOnlyList<string> Roles => ["system", Role];

    internal override Reading<SftRow> ReadExample(Cells cells)
    {
        if (cells.IsMissing(Role))
        {
            return SkipReason.NoCompletion;
        }

        Message[] messages = cells.Messages(Role);
        if (messages[^1].Speaker != Speaker.Assistant)
        {
            return SkipReason.NoCompletion;
        }

        WrittenConversation written = Template.Write(cells.WithSystem(messages[..^1]), [messages[^1..]], cells.Extras());
        return new SftRow(cells.Row.Index, written.Prompt, written.Answers[0]);
    }

    /// <summary>A conversation that ends with a question is all prompt.</summary>
    internal override string? ReadPrompt(Cells cells)
    {
        if (cells.IsMissing(Role))
        {
            return null;
        }

        Message[] messages = cells.Messages(Role);
        return Template.Prompt(cells.WithSystem(messages[^1].Speaker == Speaker.Assistant ? messages[..^1] : messages), cells.Extras());
    }
}
