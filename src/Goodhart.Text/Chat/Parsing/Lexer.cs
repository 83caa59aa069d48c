using Goodhart.Text.Chat.Safety;
using Goodhart.Text.Chat.Values;

namespace Goodhart.Text.Chat.Parsing;

/// <summary>
/// Cuts a template into tokens, in one pass over its text. White space around tags goes as Jinja lets it go with trim_blocks and
/// lstrip_blocks, which all chat templates assume.
/// </summary>
internal sealed class Lexer(Source source)
{
    private readonly string text = source.Text;
    private readonly List<Token> tokens = [];
    private int position;

    /// <summary>Whether what was read last ended with a line break.</summary>
    private bool lineStarts = true;

    public static List<Token> Read(Source source)
    {
        Lexer lexer = new(source);
        while (lexer.position < lexer.text.Length)
        {
            lexer.ReadTextAndTag();
        }

        lexer.Add(TokenKind.End, "", lexer.text.Length);
        return lexer.tokens;
    }

    private void ReadTextAndTag()
    {
        int start = position;
        int tag = NextTag(start);
        if (tag < 0)
        {
            Add(TokenKind.Data, text[start..], start);
            position = text.Length;
            return;
        }

        char kind = text[tag + 1];
        char sign = Sign(tag + 2);
        AddText(start, tag, sign, isPrint: kind == '{');
        position = tag + (sign == ' ' ? 2 : 3);
        if (kind == '#')
        {
            SkipComment(tag);
        }
        else if (kind == '%' && TryEnterRaw(out int content))
        {
            ReadRaw(tag, content);
        }
        else
        {
            Add(kind == '{' ? TokenKind.PrintBegin : TokenKind.BlockBegin, text[tag..position], tag);
            position = new TagLexer(source, tokens).Read(position, isPrint: kind == '{');
            lineStarts = position > 0 && text[position - 1] == '\n';
        }
    }

    private int NextTag(int from)
    {
        for (int at = text.IndexOf('{', from); at >= 0 && at + 1 < text.Length; at = text.IndexOf('{', at + 1))
        {
            if (text[at + 1] is '{' or '%' or '#')
            {
                return at;
            }
        }

        return -1;
    }

    private char Sign(int at) => at < text.Length && text[at] is '-' or '+' ? text[at] : ' ';

    /// <summary>The text before a tag, without the white space that the tag takes along.</summary>
    private void AddText(int start, int end, char sign, bool isPrint)
    {
        ReadOnlySpan<char> piece = text.AsSpan(start, end - start);
        int kept = piece.Length;
        if (sign == '-')
        {
            kept = WhiteSpace.StartOfEnd(piece);
        }
        else if (sign != '+' && !isPrint)
        {
            int line = piece.LastIndexOf('\n') + 1;
            bool isBlank = WhiteSpace.StartOfEnd(piece[line..]) == 0;
            kept = isBlank && (line > 0 || lineStarts) ? line : kept;
        }

        Add(TokenKind.Data, piece[..kept].ToString(), start);
    }

    private void SkipComment(int tag)
    {
        int end = text.IndexOf("#}", position, StringComparison.Ordinal);
        if (end < 0)
        {
            throw new TemplateFault(FaultKind.Syntax, "a comment is not closed: #} is missing").At(source.PlaceOf(tag));
        }

        position = AfterTag(end, end > position ? text[end - 1] : ' ', trimsLine: true);
    }

    /// <summary>Whether the block that starts here is <c>raw</c>, and where its content starts.</summary>
    private bool TryEnterRaw(out int content)
    {
        content = SkipBlanks(position);
        if (!text.AsSpan(content).StartsWith("raw"))
        {
            return false;
        }

        int end = SkipBlanks(content + 3);
        bool strips = end < text.Length && text[end] == '-';
        end += strips ? 1 : 0;
        if (!text.AsSpan(end).StartsWith("%}"))
        {
            return false;
        }

        content = strips ? SkipBlanks(end + 2) : end + 2;
        return true;
    }

    private void ReadRaw(int tag, int content)
    {
        lineStarts = text[content - 1] == '\n';
        for (int at = Next("{%", content); at >= 0; at = Next("{%", at + 1))
        {
            char sign = Sign(at + 2);
            int name = SkipBlanks(at + (sign == ' ' ? 2 : 3));
            if (!text.AsSpan(name).StartsWith("endraw"))
            {
                continue;
            }

            int end = SkipBlanks(name + 6);
            char last = Sign(end);
            end += last == ' ' ? 0 : 1;
            if (text.AsSpan(end).StartsWith("%}"))
            {
                AddText(content, at, sign, isPrint: false);
                position = AfterTag(end, last, trimsLine: true);
                return;
            }
        }

        throw new TemplateFault(FaultKind.Syntax, "{% raw %} is not closed: {% endraw %} is missing").At(source.PlaceOf(tag));
    }

    private int AfterTag(int end, char sign, bool trimsLine)
    {
        int after = sign == '-' ? SkipBlanks(end + 2)
            : trimsLine && sign != '+' && end + 2 < text.Length && text[end + 2] == '\n' ? end + 3 : end + 2;
        lineStarts = text[after - 1] == '\n';
        return after;
    }

    private int Next(string sought, int from) => text.IndexOf(sought, from, StringComparison.Ordinal);

    private int SkipBlanks(int from) => from + WhiteSpace.EndOfStart(text.AsSpan(from));

    private void Add(TokenKind kind, string content, int offset)
    {
        if (kind != TokenKind.Data || content.Length > 0)
        {
            tokens.Add(new(kind, content, source.PlaceOf(offset)));
        }
    }
}
