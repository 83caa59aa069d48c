using System.Globalization;
using System.Text;

namespace Goodhart.Text.Tokenizers.Words;

/// <summary>Each sign of punctuation a word of its own: ASCII's (symbols such as $ among them) and Unicode's categories P.</summary>
internal sealed class PunctuationSplitter : IWordSplitter
{
    public int EndOfWord(ReadOnlySpan<char> text, int position)
    {
        bool isFirst = IsAt(text, position, out int width);
        int end = position + width;
        while (!isFirst && end < text.Length && !IsAt(text, end, out width))
        {
            end += width;
        }

        return end;
    }

    private static bool IsAt(ReadOnlySpan<char> text, int position, out int width)
    {
        char unit = text[position];
        width = char.IsHighSurrogate(unit) ? 2 : 1;
        UnicodeCategory category = width == 1
            ? CharUnicodeInfo.GetUnicodeCategory(unit)
            : Rune.GetUnicodeCategory(new Rune(unit, text[position + 1]));
        return category is >= UnicodeCategory.ConnectorPunctuation and <= UnicodeCategory.OtherPunctuation
            || (char.IsAscii(unit) && category is >= UnicodeCategory.MathSymbol and <= UnicodeCategory.OtherSymbol);
    }
}
