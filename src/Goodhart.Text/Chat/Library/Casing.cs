using System.Globalization;
using System.Text;

namespace Goodhart.Text.Chat.Library;

/// <summary>Capital letters: the methods <c>title</c> and <c>capitalize</c>, and the filter <c>title</c>, which cuts words
/// otherwise.</summary>
internal static class Casing
{
    public static string Capitalize(string text)
    {
        int first = FirstLength(text);
        return text[..first].ToUpperInvariant() + text[first..].ToLowerInvariant();
    }

    /// <summary>A letter behind anything but a letter starts a word.</summary>
    public static string Title(string text)
    {
        StringBuilder titled = new(text.Length);
        bool inWord = false;
        foreach (Rune rune in text.EnumerateRunes())
        {
            titled.Append(inWord ? Rune.ToLowerInvariant(rune) : Rune.ToUpperInvariant(rune));
            inWord = Rune.GetUnicodeCategory(rune)
                is UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter;
        }

        return titled.ToString();
    }

    /// <summary>The filter: words start behind white space, hyphens and opening brackets only.</summary>
    public static string TitleOfWords(string text)
    {
        StringBuilder titled = new(text.Length);
        for (int start = 0; start < text.Length;)
        {
            bool separates = Separates(text[start]);
            int end = start;
            while (end < text.Length && Separates(text[end]) == separates)
            {
                end++;
            }

            titled.Append(Capitalize(text[start..end]));
            start = end;
        }

        return titled.ToString();
    }

    private static bool Separates(char unit) => Values.WhiteSpace.Is(unit) || unit is '-' or '(' or '{' or '[' or '<';

    private static int FirstLength(string text) => text.Length == 0 ? 0 : Values.CodePoints.LengthAt(text, 0);
}
