namespace Goodhart.Text.Truncation;

/// <summary>What a prompt ends with to call for the response, such as "TL;DR:" or "Assistant:".</summary>
internal static class PromptCue
{
    // A last paragraph that happens to end with a colon is no cue.
    private const int Longest = 32;

    /// <summary>Where the last line begins, with the line feeds before it.</summary>
    public static int Start(string prompt)
    {
        int start = prompt.AsSpan().TrimEnd('\n').LastIndexOf('\n') + 1;
        while (start > 0 && prompt[start - 1] == '\n')
        {
            start--;
        }

        return start;
    }

    /// <summary>The last line if it is short and ends with a colon; null for a prompt without a cue.</summary>
    public static string? Of(string prompt)
    {
        string line = prompt[Start(prompt)..].Trim();
        return line.EndsWith(':') && line.Length <= Longest ? line : null;
    }
}
