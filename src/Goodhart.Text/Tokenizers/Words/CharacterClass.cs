using System.Globalization;

namespace Goodhart.Text.Tokenizers.Words;

/// <summary>What the pre-tokenizers' expressions ask of a character.</summary>
internal enum CharacterClass : byte
{
    /// <summary>None of the below: punctuation, symbols, marks, controls, unassigned.</summary>
    Other,

    /// <summary><c>\p{L}</c>.</summary>
    Letter,

    /// <summary><c>\p{N}</c>.</summary>
    Number,

    /// <summary><c>\s</c> in the sense of Unicode's White_Space, except the line breaks below.</summary>
    Space,

    /// <summary>Carriage return and line feed.</summary>
    LineBreak,
}

/// <summary>Classes of Unicode scalar values in well-formed UTF-16; .NET's own expressions would see surrogates above U+FFFF.</summary>
internal static class CharacterClasses
{
    private static readonly CharacterClass[] Basic = [.. Enumerable.Range(0, 0x10000).Select(Classify)];

    /// <param name="width">UTF-16 units of the character.</param>
    public static CharacterClass At(ReadOnlySpan<char> text, int position, out int width)
    {
        char unit = text[position];
        if (!char.IsHighSurrogate(unit))
        {
            width = 1;
            return Basic[unit];
        }

        width = 2;
        return Classify(char.ConvertToUtf32(unit, text[position + 1]));
    }

    public static bool IsWhiteSpace(CharacterClass kind) => kind >= CharacterClass.Space;

    /// <summary>The end of the run of one class that starts at a position; the position itself if another class is there.</summary>
    public static int EndOfRun(ReadOnlySpan<char> text, int position, CharacterClass kind)
    {
        while (position < text.Length && At(text, position, out int width) == kind)
        {
            position += width;
        }

        return position;
    }

    public static int EndOfWhiteSpace(ReadOnlySpan<char> text, int position)
    {
        while (position < text.Length && IsWhiteSpace(Basic[text[position]]))
        {
            position++;
        }

        return position;
    }

    private static CharacterClass Classify(int scalar)
    {
        if (scalar is '\r' or '\n')
        {
            return CharacterClass.LineBreak;
        }

        if (scalar < 0x10000 && char.IsWhiteSpace((char)scalar))
        {
            return CharacterClass.Space;
        }

        return CharUnicodeInfo.GetUnicodeCategory(scalar) switch
        {
            <= UnicodeCategory.OtherLetter => CharacterClass.Letter,
            UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber => CharacterClass.Number,
            _ => CharacterClass.Other,
        };
    }
}
