namespace Goodhart.Text.Chat.Values;

/// <summary>White space as Python counts it: .NET leaves out the separators U+001C to U+001F.</summary>
internal static class WhiteSpace
{
    public static bool Is(char unit) => char.IsWhiteSpace(unit) || unit is >= '\u001C' and <= '\u001F';

    public static int EndOfStart(ReadOnlySpan<char> text)
    {
        int start = 0;
        while (start < text.Length && Is(text[start]))
        {
            start++;
        }

        return start;
    }

    public static int StartOfEnd(ReadOnlySpan<char> text)
    {
        int end = text.Length;
        while (end > 0 && Is(text[end - 1]))
        {
            end--;
        }

        return end;
    }

    public static string Trim(string text)
    {
        int start = EndOfStart(text);
        return start == text.Length ? "" : text[start..StartOfEnd(text)];
    }
}
