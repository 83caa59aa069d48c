using System.Globalization;
using System.Text;

namespace Goodhart.Text.Chat.Values;

/// <summary>A text inside a printed list or map: quoted, and escaped where it cannot be seen.</summary>
internal static class QuotedText
{
    public static string Of(string text)
    {
        char quote = text.Contains('\'', StringComparison.Ordinal) && !text.Contains('"', StringComparison.Ordinal) ? '"' : '\'';
        StringBuilder quoted = new(text.Length + 2);
        quoted.Append(quote);
        for (int i = 0; i < text.Length;)
        {
            int length = CodePoints.LengthAt(text, i);
            int code = length == 2 ? char.ConvertToUtf32(text[i], text[i + 1]) : text[i];
            quoted.Append(code switch
            {
                '\\' => @"\\",
                '\t' => @"\t",
                '\n' => @"\n",
                '\r' => @"\r",
                _ when code == quote => $"\\{quote}",
                _ when IsPrintable(code) => text.Substring(i, length),
                <= 0xFF => string.Create(CultureInfo.InvariantCulture, $"\\x{code:x2}"),
                <= 0xFFFF => string.Create(CultureInfo.InvariantCulture, $"\\u{code:x4}"),
                _ => string.Create(CultureInfo.InvariantCulture, $"\\U{code:x8}"),
            });
            i += length;
        }

        return quoted.Append(quote).ToString();
    }

    private static bool IsPrintable(int code) => code == ' ' || CharUnicodeInfo.GetUnicodeCategory(code) is not (
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse
        or UnicodeCategory.OtherNotAssigned or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
        or UnicodeCategory.SpaceSeparator);
}
