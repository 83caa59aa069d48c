using System.Globalization;
using System.Text;
using Goodhart.Text.Chat.Nodes;
using Goodhart.Text.Chat.Safety;
using Goodhart.Text.Chat.Values;

namespace Goodhart.Text.Chat.Parsing;

/// <summary>Literals, names and what is in brackets.</summary>
internal sealed class PrimaryParser(TokenStream stream, ExpressionParser expressions)
{
    public Expression Read()
    {
        Token token = stream.Current;
        switch (token.Kind)
        {
            case TokenKind.Name:
                stream.Next();
                return Name(token);
            case TokenKind.Text:
                return Texts(token.Place);
            case TokenKind.Integer:
                return Integer(stream.Next());
            case TokenKind.Float:
                stream.Next();
                return new Literal(token.Place, double.Parse(Digits(token), CultureInfo.InvariantCulture));
        }

        if (stream.SkipOperator("("))
        {
            Expression value = expressions.Tuple(isBracketed: true);
            stream.ExpectOperator(")");
            return value;
        }

        return stream.SkipOperator("[") ? List(token.Place)
            : stream.SkipOperator("{") ? Map(token.Place)
            : throw stream.Unexpected("an expression");
    }

    public static Literal Integer(Token token) => long.TryParse(
        Digits(token), NumberStyles.None, CultureInfo.InvariantCulture, out long whole)
        ? new(token.Place, whole)
        : throw Number.TooLarge().At(token.Place);

    private static string Digits(Token token) => token.Text.Replace("_", "", StringComparison.Ordinal);

    private Expression Name(Token token)
    {
        switch (token.Text)
        {
            case "true" or "True":
                return new Literal(token.Place, true);
            case "false" or "False":
                return new Literal(token.Place, false);
            case "none" or "None":
                return new Literal(token.Place, None.Value);
            default:
                stream.Used.Add(token.Text);
                return new Variable(token.Place, token.Text);
        }
    }

    /// <summary>Texts side by side are one.</summary>
    private Literal Texts(TemplatePlace place)
    {
        StringBuilder joined = new();
        while (stream.Current.Kind == TokenKind.Text)
        {
            try
            {
                joined.Append(TextLiteral.Decode(stream.Current.Text));
            }
            catch (TemplateFault fault) when (fault.PassesThrough(stream.Current.Place))
            {
                throw;
            }

            stream.Next();
        }

        return new(place, joined.ToString());
    }

    private ListLiteral List(TemplatePlace place)
    {
        List<Expression> items = [];
        while (!stream.SkipOperator("]"))
        {
            if (items.Count > 0)
            {
                stream.ExpectOperator(",");
                if (stream.SkipOperator("]"))
                {
                    break;
                }
            }

            items.Add(expressions.Expression());
        }

        return new(place, items, isTuple: false);
    }

    private MapLiteral Map(TemplatePlace place)
    {
        List<(Expression, Expression)> entries = [];
        while (!stream.SkipOperator("}"))
        {
            if (entries.Count > 0)
            {
                stream.ExpectOperator(",");
                if (stream.SkipOperator("}"))
                {
                    break;
                }
            }

            Expression key = expressions.Expression();
            stream.ExpectOperator(":");
            entries.Add((key, expressions.Expression()));
        }

        return new(place, entries);
    }
}
