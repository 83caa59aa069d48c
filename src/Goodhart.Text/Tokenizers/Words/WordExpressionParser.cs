using System.Globalization;

namespace Goodhart.Text.Tokenizers.Words;

/// <summary>Reads an <see cref="WordExpression"/>, from its end to its start: every part is made with what comes behind it.</summary>
internal sealed class WordExpressionParser(string text)
{
    private int position;

    public WordExpressionNode Parse()
    {
        Func<WordExpressionNode, WordExpressionNode> whole = Alternatives(ignoresCase: false);
        return position == text.Length ? whole(new Accept()) : throw Unknown("a bracket that closes nothing");
    }

    private Func<WordExpressionNode, WordExpressionNode> Alternatives(bool ignoresCase)
    {
        List<Func<WordExpressionNode, WordExpressionNode>> alternatives = [Sequence(ignoresCase)];
        while (Skip("|"))
        {
            alternatives.Add(Sequence(ignoresCase));
        }

        return alternatives.Count == 1 ? alternatives[0] : next => new Either([.. alternatives.Select(one => one(next))]);
    }

    private Func<WordExpressionNode, WordExpressionNode> Sequence(bool ignoresCase)
    {
        List<Func<WordExpressionNode, WordExpressionNode>> parts = [];
        while (position < text.Length && text[position] is not ('|' or ')'))
        {
            parts.Add(Skip("(") ? Group(ignoresCase) : Repeated(new CharacterSet(Single(ignoresCase))));
        }

        parts.Reverse();
        return next => parts.Aggregate(next, (behind, part) => part(behind));
    }

    private Func<WordExpressionNode, WordExpressionNode> Group(bool ignoresCase)
    {
        bool? isNegative = Skip("?!") ? true : Skip("?=") ? false : null;
        if (isNegative is null)
        {
            ignoresCase |= Skip("?i:");
            _ = Skip("?:");
            if (position < text.Length && text[position] == '?')
            {
                throw Unknown("a group of this kind");
            }
        }

        Func<WordExpressionNode, WordExpressionNode> inner = Alternatives(ignoresCase);
        if (!Skip(")"))
        {
            throw Unknown("a group that is not closed");
        }

        if (isNegative is bool negative)
        {
            return next => new Lookahead(inner(new Accept()), negative, next);
        }

        bool isOptional = Skip("?");
        return position < text.Length && text[position] is '?' or '*' or '+' or '{'
            ? throw Unknown("a repeated group")
            : isOptional ? next => new Either([inner(next), next]) : inner;
    }

    private Func<WordExpressionNode, WordExpressionNode> Repeated(CharacterSet set)
    {
        (int least, int most) = (1, 1);
        bool isCounted = false;
        if (Skip("?"))
        {
            (least, most) = (0, 1);
        }
        else if (Skip("*"))
        {
            (least, most) = (0, int.MaxValue);
        }
        else if (Skip("+"))
        {
            (least, most) = (1, int.MaxValue);
        }
        else if (Skip("{"))
        {
            isCounted = true;
            (least, most) = Counts();
        }
        else
        {
            return next => new Repeat(set, 1, 1, possessive: false, next);
        }

        bool possessive = !isCounted && Skip("+");
        return position < text.Length && text[position] is '?' or '*' or '+' or '{'
            ? throw Unknown("a repetition of a repetition")
            : next => new Repeat(set, least, most, possessive, next);
    }

    private (int Least, int Most) Counts()
    {
        int end = text.IndexOf('}', position);
        string[] bounds = end < 0 ? [] : text[position..end].Split(',');
        if (bounds.Length is < 1 or > 2 || !Number(bounds[0], out int least))
        {
            throw Unknown("a repetition");
        }

        int most = least;
        if (bounds.Length == 2 && bounds[1].Length == 0)
        {
            most = int.MaxValue;
        }
        else if (bounds.Length == 2 && !Number(bounds[1], out most))
        {
            throw Unknown("a repetition");
        }

        position = end + 1;
        return (least, most);

        static bool Number(string digits, out int value) => int.TryParse(
            digits, NumberStyles.None, CultureInfo.InvariantCulture, out value);
    }

    private Func<int, bool> Single(bool ignoresCase)
    {
        switch (text[position])
        {
            case '[':
                position++;
                return Class(ignoresCase);
            case '.':
                position++;
                return scalar => scalar != '\n';
            case '\\':
                return Escape(out int? escaped) is { } set ? set : Cased(escaped!.Value, ignoresCase);
            case '^' or '$' or '*' or '+' or '?' or '{':
                throw Unknown("an anchor or a repetition of nothing");
            default:
                return Cased(Scalar(), ignoresCase);
        }
    }

    private Func<int, bool> Class(bool ignoresCase)
    {
        bool isNegative = Skip("^");
        List<Func<int, bool>> members = [];
        while (!Skip("]"))
        {
            if (position >= text.Length || text[position] == '[' || text.AsSpan(position).StartsWith("&&"))
            {
                throw Unknown("a class that is not closed, or holds another");
            }

            int? first = null;
            Func<int, bool>? set = text[position] == '\\' ? Escape(out first) : null;
            first ??= set is null ? Scalar() : null;
            if (set is not null)
            {
                members.Add(set);
            }
            else if (position + 1 < text.Length && text[position] == '-' && text[position + 1] != ']')
            {
                position++;
                int? last = null;
                _ = text[position] == '\\' ? Escape(out last) : null;
                int upper = last ?? Scalar();
                int lower = first!.Value;
                members.Add(ignoresCase ? throw Unknown("a range without regard to case") : scalar => scalar >= lower && scalar <= upper);
            }
            else
            {
                members.Add(Cased(first!.Value, ignoresCase));
            }
        }

        Func<int, bool>[] all = [.. members];
        return scalar => Array.Exists(all, member => member(scalar)) != isNegative;
    }

    /// <summary>A set, or null and the character that the escape stands for.</summary>
    private Func<int, bool>? Escape(out int? scalar)
    {
        char code = position + 1 < text.Length ? text[position + 1] : throw Unknown("a backslash at the end");
        position += 2;
        scalar = code switch
        {
            'r' => '\r',
            'n' => '\n',
            't' => '\t',
            'f' => '\f',
            'v' => '\v',
            _ when !char.IsAsciiLetterOrDigit(code) => code,
            _ => null,
        };
        if (scalar is not null)
        {
            return null;
        }

        switch (code)
        {
            case 's':
                return CharacterSet.IsSpace;
            case 'S':
                return value => !CharacterSet.IsSpace(value);
            case 'd':
                return CharacterSet.Category("Nd");
            case 'p' or 'P':
                int end = text.IndexOf('}', position);
                Func<int, bool>? set = Skip("{") && end > 0 ? CharacterSet.Category(text[position..end]) : null;
                if (set is null)
                {
                    throw Unknown("this class of characters");
                }

                position = end + 1;
                return code == 'p' ? set : value => !set(value);
            default:
                position -= 2;
                throw Unknown("this escape");
        }
    }

    private int Scalar()
    {
        int width = position + 1 < text.Length && char.IsSurrogatePair(text[position], text[position + 1]) ? 2 : 1;
        int scalar = width == 2 ? char.ConvertToUtf32(text[position], text[position + 1]) : text[position];
        position += width;
        return scalar;
    }

    /// <summary>Without regard to case, the long s is an s and the Kelvin sign a k.</summary>
    private Func<int, bool> Cased(int scalar, bool ignoresCase)
    {
        if (!ignoresCase || scalar >= 128 || !char.IsAsciiLetter((char)scalar))
        {
            return ignoresCase && scalar >= 128 ? throw Unknown("a character beyond ASCII without regard to case") : value =>
                value == scalar;
        }

        int lower = scalar | 0x20;
        int other = lower == 's' ? '\u017F' : lower == 'k' ? '\u212A' : lower;
        return value => value == lower || value == (lower & ~0x20) || value == other;
    }

    private bool Skip(string expected)
    {
        bool skips = text.AsSpan(position).StartsWith(expected, StringComparison.Ordinal);
        position += skips ? expected.Length : 0;
        return skips;
    }

    private TokenizerException Unknown(string what) =>
        new(string.Create(CultureInfo.InvariantCulture, $"{what}, at character {position + 1}"));
}
