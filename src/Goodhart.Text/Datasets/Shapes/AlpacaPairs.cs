using Goodhart.Text.Data;

namespace Goodhart.Text.Datasets.Shapes;

/// <summary>Alpaca's columns with two responses.</summary>
public sealed record AlpacaPairs(AlpacaPrompt Prompt) : PreferenceShape
{
    public override string Description => $"{Prompt.Description}, chosen, rejected as strings";

    internal override IReadOnlyList<string> Roles => [.. Prompt.Roles, "chosen", "rejected"];

    internal override Reading<PreferenceRow> ReadPair(Cells cells) => MissingResponse(cells) is { } reason ? reason
        : Prompt.Of(cells) is not { } prompt ? SkipReason.NoPrompt
        : new PreferenceRow(cells.Row.Index, prompt, Prompt.Response(cells.Text("chosen")), Prompt.Response(cells.Text("rejected")));

    internal override string? ReadPrompt(Cells cells) => Prompt.Of(cells);
}
