using Goodhart.Text.Chat.Safety;

namespace Goodhart.Text.Chat.Parsing;

/// <summary>The tokens as a parser goes through them, and how deep it is.</summary>
internal sealed class TokenStream(IReadOnlyList<Token> tokens)
{
    private const int Deepest = 200;
    private int index;
    private int depth;

    public Token Current => tokens[index];

    public Token Ahead => tokens[Math.Min(index + 1, tokens.Count - 1)];

    /// <summary>Filters and tests that nobody knows: an error, unless a condition stands before them.</summary>
    public List<TemplateFault> Unknown { get; } = [];

    /// <summary>Names used since a macro began, so that it is known which special ones it asks for.</summary>
    public HashSet<string> Used { get; set; } = new(StringComparer.Ordinal);

    public Token Next()
    {
        Token token = tokens[index];
        index = Math.Min(index + 1, tokens.Count - 1);
        return token;
    }

    public bool SkipName(string name)
    {
        bool skips = Current.IsName(name);
        index += skips ? 1 : 0;
        return skips;
    }

    public bool SkipOperator(string sign)
    {
        bool skips = Current.IsOperator(sign);
        index += skips ? 1 : 0;
        return skips;
    }

    public Token ExpectName(string what) => Current.Kind == TokenKind.Name ? Next() : throw Unexpected(what);

    public void ExpectOperator(string sign)
    {
        if (!SkipOperator(sign))
        {
            throw Unexpected($"'{sign}'");
        }
    }

    public void Expect(TokenKind kind, string what)
    {
        if (Current.Kind != kind)
        {
            throw Unexpected(what);
        }

        Next();
    }

    public TemplateFault Unexpected(string expected) => Fault($"expected {expected}, found {Current.Shown}");

    public TemplateFault Fault(string message) => new TemplateFault(FaultKind.Syntax, message).At(Current.Place);

    public T Nested<T>(Func<T> parse)
    {
        if (++depth > Deepest)
        {
            throw TemplateFault.Limit($"the template is nested more than {Deepest} deep").At(Current.Place);
        }

        T parsed = parse();
        depth--;
        return parsed;
    }

    /// <summary>Throws for the first unknown filter or test found since a place that no condition guards.</summary>
    public void RefuseUnknown(int since)
    {
        if (Unknown.Count > since)
        {
            throw Unknown[since];
        }
    }

    public void AllowUnknown(int since) => Unknown.RemoveRange(since, Unknown.Count - since);
}
