namespace Goodhart.Text.Truncation;

/// <summary>A prompt keeps its last tokens: for dialogues, whose end is what is answered.</summary>
public sealed record KeepEnd : WholeResponses
{
    public override string Name => "keepEnd";

    private protected override int[] CutPrompt(EncodedRow row, int room, PromptEncoder encoder) => Ends(row, 0, room, encoder);
}
