using System.Globalization;

namespace Goodhart.Text.Tokenizers.Words;

/// <summary>A set of Unicode scalar values.</summary>
internal sealed class CharacterSet
{
    private readonly Func<int, bool> contains;
    private readonly bool[] basic;

    public CharacterSet(Func<int, bool> contains)
    {
        this.contains = contains;
        basic = [.. Enumerable.Range(0, 0x10000).Select(contains)];
    }

    /// <param name="width">UTF-16 units of the character.</param>
    public bool Contains(ReadOnlySpan<char> text, int position, out int width)
    {
        char unit = text[position];
        if (!char.IsHighSurrogate(unit))
        {
            width = 1;
            return basic[unit];
        }

        width = 2;
        return contains(char.ConvertToUtf32(unit, text[position + 1]));
    }

    /// <summary>A category of Unicode by its short name, such as L or Lu; null where there is none of that name.</summary>
    public static Func<int, bool>? Category(string name) => name switch
    {
        "L" => In(category => category <= UnicodeCategory.OtherLetter),
        "M" => In(category =>
            category is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark),
        "N" => In(category => category is >= UnicodeCategory.DecimalDigitNumber and <= UnicodeCategory.OtherNumber),
        "P" => In(category => category is >= UnicodeCategory.ConnectorPunctuation and <= UnicodeCategory.OtherPunctuation),
        "S" => In(category => category is >= UnicodeCategory.MathSymbol and <= UnicodeCategory.OtherSymbol),
        "Lu" => In(category => category == UnicodeCategory.UppercaseLetter),
        "Ll" => In(category => category == UnicodeCategory.LowercaseLetter),
        "Lt" => In(category => category == UnicodeCategory.TitlecaseLetter),
        "Lm" => In(category => category == UnicodeCategory.ModifierLetter),
        "Lo" => In(category => category == UnicodeCategory.OtherLetter),
        "Mn" => In(category => category == UnicodeCategory.NonSpacingMark),
        "Nd" => In(category => category == UnicodeCategory.DecimalDigitNumber),
        "Nl" => In(category => category == UnicodeCategory.LetterNumber),
        "No" => In(category => category == UnicodeCategory.OtherNumber),
        _ => null,
    };

    public static bool IsSpace(int scalar) => scalar < 0x10000 && char.IsWhiteSpace((char)scalar);

    private static Func<int, bool> In(Func<UnicodeCategory, bool> holds) => scalar => holds(CharUnicodeInfo.GetUnicodeCategory(scalar));
}
