using Goodhart.Text.Data;
using Goodhart.Text.Datasets.Conversations;

namespace Goodhart.Text.Datasets.Shapes;

/// <summary>Alpaca's columns with two responses.</summary>
public sealed record AlpacaPairs(AlpacaPrompt Prompt) : PreferenceShape
{
    public override string Description => $"{Prompt.Description}, chosen, rejected as strings";

    internal override ConversationTemplate? Writer => Prompt.Writer;

    internal override IReadOnlyList<string> Roles => [.. Prompt.Roles, "chosen", "rejected"];

    internal override Reading<PreferenceRow> ReadPair(Cells cells) => MissingResponse(cells) is { } reason ? reason
        : Prompt.Write(cells, cells.Text("chosen"), cells.Text("rejected")) is not { } written ? SkipReason.NoPrompt
        : new PreferenceRow(cells.Row.Index, written.Prompt, written.Answers[0], written.Answers[1]);

    internal override string? ReadPrompt(Cells cells) => Prompt.Of(cells);
}
