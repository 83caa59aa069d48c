using Goodhart.Text.Data;
using Goodhart.Text.Datasets.Conversations;

namespace Goodhart.Text.Datasets.Shapes;

/// <summary>
/// Two whole dialogues as strings, as Anthropic's HH. The prompt is what both begin with, up to the last "\n\nAssistant:" in it. (The DPO
/// reference code cuts after the last one of <c>chosen</c> and slices <c>rejected</c> there, even where it reads otherwise.)
/// </summary>
public sealed record ImplicitDialogues(TurnTemplate Template) : PreferenceShape
{
    public override string Description =>
        $"chosen and rejected as whole dialogues, the prompt is what they share, up to its last '{Template.Cue.Trim()}'";

    internal override IReadOnlyList<string> Roles => ["chosen", "rejected"];

    internal override Reading<PreferenceRow> ReadPair(Cells cells)
    {
        if (MissingResponse(cells) is { } reason)
        {
            return reason;
        }

        string chosen = cells.Text("chosen");
        string rejected = cells.Text("rejected");
        int shared = chosen.AsSpan().CommonPrefixLength(rejected);
        int cue = chosen.AsSpan(0, shared).LastIndexOf(Template.Cue, StringComparison.Ordinal);
        if (cue < 0)
        {
            return SkipReason.NoSharedPrompt;
        }

        int end = cue + Template.Cue.Length;
        return new PreferenceRow(cells.Row.Index, chosen[..end], chosen[end..], rejected[end..]);
    }

    internal override string? ReadPrompt(Cells cells) => ReadPair(cells).Row?.Prompt;
}
