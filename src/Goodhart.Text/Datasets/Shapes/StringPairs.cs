using Goodhart.Text.Data;

namespace Goodhart.Text.Datasets.Shapes;

/// <summary>prompt, chosen and rejected as strings, taken as they are.</summary>
public sealed record StringPairs : PreferenceShape
{
    public override string Description => "prompt, chosen, rejected as strings";

    internal override IReadOnlyList<string> Roles => ["prompt", "chosen", "rejected"];

    internal override Reading<PreferenceRow> ReadPair(Cells cells)
    {
        if ((MissingResponse(cells) ?? (cells.IsMissing("prompt") ? SkipReason.NoPrompt : null)) is { } reason)
        {
            return reason;
        }

        return new PreferenceRow(cells.Row.Index, cells.Text("prompt"), cells.Text("chosen"), cells.Text("rejected"));
    }

    internal override string? ReadPrompt(Cells cells) => cells.IsMissing("prompt") ? null : cells.Text("prompt");
}
