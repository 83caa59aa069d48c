using Goodhart.Text.Data;

namespace Goodhart.Text.Datasets.Shapes;

/// <summary>text alone: all of it is learnt, and the prompt is empty.</summary>
public sealed record WholeTexts : ExampleShape
{
    public override string Description => "text, learnt as a whole";

    internal override IReadOnlyList<string> Roles => ["text"];

    internal override Reading<SftRow> ReadExample(Cells cells) =>
        cells.IsMissing("text") ? SkipReason.NoCompletion : new SftRow(cells.Row.Index, "", cells.Text("text"));

    internal override string? ReadPrompt(Cells cells) => "";
}
