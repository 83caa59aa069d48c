using Goodhart.Text.Data;

namespace Goodhart.Text.Datasets.Shapes;

/// <summary>Alpaca's columns with two responses: instruction and input make the prompt.</summary>
public sealed record AlpacaPairs : PreferenceShape
{
    public override string Description => "instruction and input joined by a line break, chosen, rejected as strings";

    internal override IReadOnlyList<string> Roles => ["prompt", AlpacaPrompt.Input, "chosen", "rejected"];

    internal override Reading<PreferenceRow> ReadPair(Cells cells) => MissingResponse(cells) is { } reason ? reason
        : AlpacaPrompt.Joined(cells) is { } prompt ? new PreferenceRow(cells.Row.Index, prompt, cells.Text("chosen"), cells.Text("rejected"))
        : SkipReason.NoPrompt;
}
