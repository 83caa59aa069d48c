namespace Goodhart.Text.Truncation;

/// <summary>A prompt keeps its first tokens. One that ends in a cue ("TL;DR:") loses it; the report counts that.</summary>
public sealed record KeepStart : WholeResponses
{
    public override string Name => "keepStart";

    private protected override int[] CutPrompt(EncodedRow row, int room, PromptEncoder encoder) => row.Prompt[..room];
}
