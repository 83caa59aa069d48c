using Goodhart.Text.Data;

namespace Goodhart.Text.Datasets.Shapes;

/// <summary>prompt and completion as strings, taken as they are.</summary>
public sealed record PromptCompletions : ExampleShape
{
    public override string Description => "prompt and completion as strings";

    internal override IReadOnlyList<string> Roles => ["prompt", "completion"];

    internal override Reading<SftRow> ReadExample(Cells cells) => cells.IsMissing("prompt") ? SkipReason.NoPrompt
        : cells.IsMissing("completion") ? SkipReason.NoCompletion
        : new SftRow(cells.Row.Index, cells.Text("prompt"), cells.Text("completion"));

    internal override string? ReadPrompt(Cells cells) => cells.IsMissing("prompt") ? null : cells.Text("prompt");
}
