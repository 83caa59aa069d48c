using Goodhart.Text.Chat.Values;

namespace Goodhart.Text.Chat.Library;

/// <summary>Takes characters, or white space where none are named, from the ends of a text.</summary>
internal static class Trimming
{
    public static string Both(string text, string? characters) => Start(End(text, characters), characters);

    public static string Start(string text, string? characters)
    {
        if (characters is null)
        {
            return text[WhiteSpace.EndOfStart(text)..];
        }

        HashSet<object> taken = [.. CodePoints.Split(characters)];
        int start = 0;
        while (start < text.Length && taken.Contains(text.Substring(start, CodePoints.LengthAt(text, start))))
        {
            start += CodePoints.LengthAt(text, start);
        }

        return text[start..];
    }

    public static string End(string text, string? characters)
    {
        if (characters is null)
        {
            return text[..WhiteSpace.StartOfEnd(text)];
        }

        HashSet<object> taken = [.. CodePoints.Split(characters)];
        int end = text.Length;
        while (end > 0)
        {
            int length = end > 1 && char.IsSurrogatePair(text[end - 2], text[end - 1]) ? 2 : 1;
            if (!taken.Contains(text.Substring(end - length, length)))
            {
                break;
            }

            end -= length;
        }

        return text[..end];
    }
}
