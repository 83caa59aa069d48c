using Goodhart.Text.Chat.Nodes;
using Goodhart.Text.Chat.Safety;

namespace Goodhart.Text.Chat.Parsing;

/// <summary>A whole template: text, prints and statements.</summary>
internal sealed class TemplateParser
{
    private readonly TokenStream stream;
    private readonly ExpressionParser expressions;
    private readonly StatementParser statements;

    private TemplateParser(TokenStream stream)
    {
        this.stream = stream;
        expressions = new(stream);
        statements = new(stream, expressions, this);
    }

    public static Statement Parse(Source source)
    {
        TemplateParser parser = new(new(Lexer.Read(source)));
        Statement whole = parser.Body([]);
        parser.stream.RefuseUnknown(0);
        return whole;
    }

    /// <summary>Everything up to a tag of one of these names, which is left for the caller to read.</summary>
    /// <param name="ends">Empty for the whole template.</param>
    public Statement Body(params string[] ends) => stream.Nested<Statement>(() =>
    {
        TemplatePlace start = stream.Current.Place;
        List<Statement> parts = [];
        while (true)
        {
            Token token = stream.Next();
            switch (token.Kind)
            {
                case TokenKind.Data:
                    parts.Add(new PlainText(token.Place, token.Text));
                    break;
                case TokenKind.PrintBegin:
                    parts.Add(new Print(token.Place, expressions.Tuple()));
                    stream.Expect(TokenKind.PrintEnd, "}}");
                    break;
                case TokenKind.BlockBegin when stream.Current.Kind == TokenKind.Name && ends.Contains(stream.Current.Text):
                    return new Body(start, parts);
                case TokenKind.BlockBegin:
                    parts.Add(statements.Read(token.Place, ends));
                    stream.Expect(TokenKind.BlockEnd, "%}");
                    break;
                default:
                    return ends.Length == 0
                        ? new Body(start, parts)
                        : throw stream.Fault(
                            $"the template ends, but {string.Join(" or ", ends.Select(end => $"{{% {end} %}}"))} is missing");
            }
        }
    });
}
