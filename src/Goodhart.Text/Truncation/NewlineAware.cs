namespace Goodhart.Text.Truncation;

/// <summary>
/// A prompt keeps its cue (its last line, with the empty lines before it) and as many whole lines from the start as fit: the way the TL;DR
/// posts were cut for the published summarization models. A first line that is too long alone keeps its first tokens; a cue that is too
/// long alone keeps its last.
/// </summary>
public sealed record NewlineAware : WholeResponses
{
    public override string Name => "newline";

    private protected override int[] CutPrompt(EncodedRow row, int room, PromptEncoder encoder)
    {
        string text = row.PromptText;
        int cue = PromptCue.Start(text);
        int[] lineEnds = [.. Enumerable.Range(0, cue).Where(i => text[i] == '\n')];
        int[]? best = null;

        // Bisection over the number of lines; whatever it finds was measured, so a tokenizer that is not monotone cannot break the budget.
        for ((int low, int high) = (0, lineEnds.Length - 1); low <= high;)
        {
            int middle = (low + high) / 2;
            int[] ids = encoder.Encode(string.Concat(text.AsSpan(0, lineEnds[middle]), text.AsSpan(cue)));
            bool fits = ids.Length <= room;
            (low, high) = fits ? (middle + 1, high) : (low, middle - 1);
            best = fits ? ids : best;
        }

        int cueLength = encoder.Tokenizer.Encode(text[cue..]).Length;
        return best ?? Ends(row, Math.Max(0, room - cueLength), Math.Min(room, cueLength), encoder);
    }
}
