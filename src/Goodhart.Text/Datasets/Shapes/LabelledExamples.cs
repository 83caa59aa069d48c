using Goodhart.Text.Data;
using Goodhart.Text.Datasets.Conversations;

namespace Goodhart.Text.Datasets.Shapes;

/// <summary>
/// Unpaired preference data: one response with a label, as TRL (<c>label</c>), LLaMA-Factory (<c>kto_tag</c>) and HALOs have it. As SFT
/// data it gives the desirable responses, as pairs give the chosen ones.
/// </summary>
/// <param name="Unlabelled">How the row is read but for its label.</param>
public sealed record LabelledExamples(ExampleShape Unlabelled) : DatasetShape
{
    public override string Description => $"{Unlabelled.Description}; each response desirable or not by its label";

    internal override ConversationTemplate? Writer => Unlabelled.Writer;

    internal override IReadOnlyList<string> Roles => [.. Unlabelled.Roles, LabelCell.Role];

    internal override Reading<SftRow> ReadExample(Cells cells)
    {
        Reading<LabelledRow> reading = ReadLabelled(cells);
        return reading.Row is not { } row ? reading.Skipped!.Value
            : row.IsDesirable ? new SftRow(row.Id, row.Prompt, row.Completion)
            : SkipReason.Undesirable;
    }

    internal override Reading<SftRow> ReadWhole(Cells cells) => Unlabelled.ReadExample(cells);

    /// <summary>Of the rows to imitate: their responses are what others are compared with.</summary>
    internal override string? ReadPrompt(Cells cells) => ReadExample(cells).Row?.Prompt;

    internal Reading<LabelledRow> ReadLabelled(Cells cells)
    {
        Reading<SftRow> reading = Unlabelled.ReadExample(cells);
        return reading.Row is not { } row ? reading.Skipped!.Value
            : cells.IsMissing(LabelCell.Role) ? SkipReason.NoLabel
            : new LabelledRow(row.Id, row.Prompt, row.Completion, LabelCell.Read(cells));
    }
}
