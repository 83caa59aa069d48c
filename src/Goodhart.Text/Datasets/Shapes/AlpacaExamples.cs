using Goodhart.Text.Data;

namespace Goodhart.Text.Datasets.Shapes;

/// <summary>Alpaca's columns with one response, its <c>output</c>.</summary>
public sealed record AlpacaExamples : ExampleShape
{
    public override string Description => "instruction and input joined by a line break, and the completion, as strings";

    internal override IReadOnlyList<string> Roles => ["prompt", AlpacaPrompt.Input, "completion"];

    internal override Reading<SftRow> ReadExample(Cells cells) => cells.IsMissing("completion") ? SkipReason.NoCompletion
        : AlpacaPrompt.Joined(cells) is { } prompt ? new SftRow(cells.Row.Index, prompt, cells.Text("completion"))
        : SkipReason.NoPrompt;
}
