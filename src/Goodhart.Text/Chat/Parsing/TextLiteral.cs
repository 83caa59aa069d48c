using System.Globalization;
using System.Text;
using Goodhart.Text.Chat.Names;
using Goodhart.Text.Chat.Safety;

namespace Goodhart.Text.Chat.Parsing;

/// <summary>What is between the quotes, decoded as Python's unicode-escape decodes it.</summary>
internal static class TextLiteral
{
    public static string Decode(string written)
    {
        if (!written.Contains('\\', StringComparison.Ordinal))
        {
            return written;
        }

        StringBuilder decoded = new(written.Length);
        for (int i = 0; i < written.Length; i++)
        {
            if (written[i] == '\\')
            {
                i = Escape(written, i + 1, decoded);
            }
            else
            {
                decoded.Append(written[i]);
            }
        }

        return decoded.ToString();
    }

    /// <summary>Decodes one escape and returns the index of its last character.</summary>
    private static int Escape(string written, int at, StringBuilder decoded)
    {
        char code = written[at];
        switch (code)
        {
            case '\n':
                return at;
            case 'x':
                return Hexadecimal(written, at, 2, decoded);
            case 'u':
                return Hexadecimal(written, at, 4, decoded);
            case 'U':
                return Hexadecimal(written, at, 8, decoded);
            case 'N':
                return Named(written, at, decoded);
            case >= '0' and <= '7':
                return Octal(written, at, decoded);
        }

        int simple = "\\'\"abfnrtv".IndexOf(code, StringComparison.Ordinal);
        if (simple >= 0)
        {
            decoded.Append("\\'\"\a\b\f\n\r\t\v"[simple]);
        }
        else if (code <= '\u007F')
        {
            decoded.Append('\\').Append(code);
        }
        else
        {
            // The backslash meets the one by which Python writes the character in ASCII first.
            int length = Values.CodePoints.LengthAt(written, at);
            int point = length == 2 ? char.ConvertToUtf32(code, written[at + 1]) : code;
            string format = point <= 0xFF ? "x2" : point <= 0xFFFF ? "x4" : "x8";
            decoded.Append('\\').Append(point <= 0xFF ? 'x' : point <= 0xFFFF ? 'u' : 'U').Append(
                point.ToString(format, CultureInfo.InvariantCulture));
            return at + length - 1;
        }

        return at;
    }

    private static int Hexadecimal(string written, int at, int digits, StringBuilder decoded)
    {
        ReadOnlySpan<char> found = written.AsSpan(at + 1, Math.Min(digits, written.Length - at - 1));
        if (found.Length < digits || !int.TryParse(found, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out int point)
            || point is < 0 or > 0x10FFFF)
        {
            throw TemplateFault.Of(FaultKind.Syntax, $"\\{written[at]} is followed by {digits} hexadecimal digits");
        }

        decoded.Append(point <= 0xFFFF ? ((char)point).ToString() : char.ConvertFromUtf32(point));
        return at + digits;
    }

    private static int Named(string written, int at, StringBuilder decoded)
    {
        int end = at + 1 < written.Length && written[at + 1] == '{' ? written.IndexOf('}', at) : -1;
        if (end < at + 3)
        {
            throw TemplateFault.Of(FaultKind.Syntax, $"\\N is followed by a character's name in braces");
        }

        string name = written[(at + 2)..end];
        int point = CharacterNames.Find(name)
            ?? throw TemplateFault.Of(FaultKind.Syntax, $"\\N{{{name}}}: no character of Unicode 14 has this name");
        decoded.Append(char.ConvertFromUtf32(point));
        return end;
    }

    private static int Octal(string written, int at, StringBuilder decoded)
    {
        int value = 0;
        int end = at;
        while (end < written.Length && end < at + 3 && written[end] is >= '0' and <= '7')
        {
            value = (value * 8) + written[end++] - '0';
        }

        decoded.Append((char)value);
        return end - 1;
    }
}
