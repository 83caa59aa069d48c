using Goodhart.Text.Chat.Safety;
using Goodhart.Text.Chat.Values;

namespace Goodhart.Text.Chat.Parsing;

/// <summary>The tokens between <c>{{</c> and <c>}}</c>, or <c>{%</c> and <c>%}</c>: those close only outside brackets.</summary>
internal sealed class TagLexer(Source source, List<Token> tokens)
{
    private static readonly string[] Operators =
        ["//", "**", "==", "!=", ">=", "<=", "+", "-", "/", "*", "%", "~", "[", "]", "(", ")", "{", "}", ">", "<", "=", ".", ":", "|", ",",
            ";"];

    private readonly string text = source.Text;
    private readonly Stack<char> brackets = new();

    /// <summary>Returns where the text behind the tag starts.</summary>
    public int Read(int position, bool isPrint)
    {
        string close = isPrint ? "}}" : "%}";
        while (position < text.Length)
        {
            if (brackets.Count == 0 && EndOf(position, close, isPrint) is int end)
            {
                Add(isPrint ? TokenKind.PrintEnd : TokenKind.BlockEnd, position, position);
                return end;
            }

            position = ReadToken(position);
        }

        return position;
    }

    private int? EndOf(int position, string close, bool isPrint)
    {
        char sign = text[position] == '-' || (text[position] == '+' && !isPrint) ? text[position] : ' ';
        int at = position + (sign == ' ' ? 0 : 1);
        if (!text.AsSpan(at).StartsWith(close))
        {
            return null;
        }

        int after = at + 2;
        return sign switch
        {
            '-' => after + WhiteSpace.EndOfStart(text.AsSpan(after)),
            ' ' when !isPrint && after < text.Length && text[after] == '\n' => after + 1,
            _ => after,
        };
    }

    private int ReadToken(int start)
    {
        char first = text[start];
        if (WhiteSpace.Is(first))
        {
            return start + WhiteSpace.EndOfStart(text.AsSpan(start));
        }

        if (char.IsAsciiDigit(first))
        {
            return ReadNumber(start);
        }

        if (IsNameUnit(first))
        {
            int end = start;
            while (end < text.Length && IsNameUnit(text[end]))
            {
                end++;
            }

            return Add(TokenKind.Name, start, end);
        }

        return first is '\'' or '"' ? ReadText(start, first) : ReadOperator(start);
    }

    private int ReadNumber(int start)
    {
        bool afterDot = start > 0 && text[start - 1] == '.';
        int whole = EndOfDigits(start);
        int end = whole;
        if (!afterDot)
        {
            end = end + 1 < text.Length && text[end] == '.' && char.IsAsciiDigit(text[end + 1]) ? EndOfDigits(end + 1) : end;
            int power = end < text.Length && text[end] is 'e' or 'E' ? end + 1 : -1;
            power = power >= 0 && power < text.Length && text[power] is '+' or '-' ? power + 1 : power;
            end = power >= 0 && power < text.Length && char.IsAsciiDigit(text[power]) ? EndOfDigits(power) : end;
        }

        if (end > whole)
        {
            return Add(TokenKind.Float, start, end);
        }

        // Zeros before other digits are a number of their own, and so an error.
        int zeros = start;
        while (zeros < whole && text[zeros] is '0' or '_')
        {
            zeros++;
        }

        return Add(TokenKind.Integer, start, text[start] == '0' && zeros < whole ? zeros : whole);
    }

    private int EndOfDigits(int at)
    {
        while (at < text.Length && (
            char.IsAsciiDigit(text[at]) || (text[at] == '_' && at + 1 < text.Length && char.IsAsciiDigit(text[at + 1]))))
        {
            at++;
        }

        return at;
    }

    private int ReadText(int start, char quote)
    {
        for (int i = start + 1; i < text.Length; i++)
        {
            if (text[i] == '\\')
            {
                i++;
            }
            else if (text[i] == quote)
            {
                tokens.Add(new(TokenKind.Text, text[(start + 1)..i], source.PlaceOf(start)));
                return i + 1;
            }
        }

        throw Fault(start, $"a text is not closed: {quote} is missing");
    }

    private int ReadOperator(int start)
    {
        string? sign = Array.Find(Operators, candidate => text.AsSpan(start).StartsWith(candidate, StringComparison.Ordinal));
        if (sign is null)
        {
            throw Fault(start, $"unexpected character '{CodePoints.At(text[start..Math.Min(start + 2, text.Length)], 0)}'");
        }

        if (sign is "(" or "[" or "{")
        {
            brackets.Push(sign[0] == '(' ? ')' : sign[0] == '[' ? ']' : '}');
        }
        else if (sign is ")" or "]" or "}" && (brackets.Count == 0 || brackets.Pop() != sign[0]))
        {
            throw Fault(start, $"'{sign}' closes nothing");
        }

        return Add(TokenKind.Operator, start, start + sign.Length);
    }

    private int Add(TokenKind kind, int start, int end)
    {
        tokens.Add(new(kind, text[start..end], source.PlaceOf(start)));
        return end;
    }

    private static bool IsNameUnit(char unit) => char.IsLetterOrDigit(unit) || unit == '_' || char.IsSurrogate(unit);

    private TemplateFault Fault(int at, string message) => new TemplateFault(FaultKind.Syntax, message).At(source.PlaceOf(at));
}
