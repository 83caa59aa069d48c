using Goodhart.Text.Data;
using Goodhart.Text.Datasets.Conversations;

namespace Goodhart.Text.Datasets.Shapes;

/// <summary>prompt and completion: strings taken as they are, or messages.</summary>
public sealed record PromptCompletions(ConversationTemplate Template) : ExampleShape
{
    public override string Description => $"prompt and completion; messages are written in the {Template.Name} template";

    internal override IReadOnlyList<string> Roles => ["prompt", "completion"];

    internal override Reading<SftRow> ReadExample(Cells cells)
    {
        if (cells.IsMissing("completion") || cells.IsMissing("prompt"))
        {
            return cells.IsMissing("prompt") ? SkipReason.NoPrompt : SkipReason.NoCompletion;
        }

        if (!cells.IsConversation("prompt"))
        {
            return new SftRow(cells.Row.Index, cells.Text("prompt"), cells.Text("completion"));
        }

        Message[] prompt = cells.Messages("prompt");
        return new SftRow(cells.Row.Index, Template.Prompt(prompt), AnswerTurns.Read(cells, "completion", prompt, Template));
    }
}
