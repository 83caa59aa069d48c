namespace Goodhart.Text.Truncation;

/// <summary>What a prompt ends with to call for the response, such as "TL;DR:" or "Assistant:".</summary>
internal static class PromptCue
{
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

    /// <summary>The last line if it ends with a colon; null for a prompt without a cue.</summary>
    public static string? Of(string prompt)
    {
        string line = prompt[Start(prompt)..].Trim();
        return line.EndsWith(':') ? line : null;
    }
}
