using Goodhart.Text.Data;
using Goodhart.Text.Datasets.Conversations;

namespace Goodhart.Text.Datasets.Shapes;

/// <summary>Alpaca's columns with one response, its <c>output</c>.</summary>
public sealed record AlpacaExamples(AlpacaPrompt Prompt) : ExampleShape
{
    public override string Description => $"{Prompt.Description}, and the completion, as strings";

    internal override ConversationTemplate? Writer => Prompt.Writer;

    internal override IReadOnlyList<string> Roles => [.. Prompt.Roles, "completion"];

    internal override Reading<SftRow> ReadExample(Cells cells) => cells.IsMissing("completion") ? SkipReason.NoCompletion
        : Prompt.Write(cells, cells.Text("completion")) is { } written ? new SftRow(cells.Row.Index, written.Prompt, written.Answers[0])
        : SkipReason.NoPrompt;

    internal override string? ReadPrompt(Cells cells) => Prompt.Of(cells);
}
