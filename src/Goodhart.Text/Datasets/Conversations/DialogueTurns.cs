namespace Goodhart.Text.Datasets.Conversations;

/// <summary>
/// Where a prompt that holds several turns could have ended. Data sets such as HH cut one dialogue after each of its turns, so a prompt of
/// one row can be the beginning of another's: whoever trains on one has seen the other.
/// </summary>
internal static class DialogueTurns
{
    private static readonly string Cue = new PlainDialogue().Cue;

    /// <summary>The prompt up to its first cue for an answer: what all prompts of one dialogue share. A text without turns is its
    /// own.</summary>
    public static string Opening(string prompt)
    {
        int cue = prompt.IndexOf(Cue, StringComparison.Ordinal);
        return cue < 0 ? prompt : prompt[..(cue + Cue.Length)];
    }

    /// <summary>The prompts that the dialogue had at its earlier turns, shortest first; none for a text without turns.</summary>
    public static IEnumerable<string> Earlier(string prompt)
    {
        int end = prompt.IndexOf(Cue, StringComparison.Ordinal) + Cue.Length;
        while (end >= Cue.Length && end < prompt.Length)
        {
            yield return prompt[..end];
            int cue = prompt.IndexOf(Cue, end, StringComparison.Ordinal);
            end = cue < 0 ? -1 : cue + Cue.Length;
        }
    }
}
