using Goodhart.Text.Data;

namespace Goodhart.Text.Datasets.Shapes;

/// <summary>Alpaca's columns with one response, its <c>output</c>.</summary>
public sealed record AlpacaExamples(AlpacaPrompt Prompt) : ExampleShape
{
    public override string Description => $"{Prompt.Description}, and the completion, as strings";

    internal override IReadOnlyList<string> Roles => [.. Prompt.Roles, "completion"];

    internal override Reading<SftRow> ReadExample(Cells cells) => cells.IsMissing("completion") ? SkipReason.NoCompletion
        : Prompt.Of(cells) is { } prompt ? new SftRow(cells.Row.Index, prompt, Prompt.Response(cells.Text("completion")))
        : SkipReason.NoPrompt;

    internal override string? ReadPrompt(Cells cells) => Prompt.Of(cells);
}
