using Goodhart.Text.Chat.Nodes;
using Goodhart.Text.Chat.Safety;

namespace Goodhart.Text.Chat.Parsing;

/// <summary>Expressions, from those that bind loosest (inline if) to those that bind tightest; what stands behind them is
/// <see cref="PostfixParser"/>.</summary>
internal sealed class ExpressionParser
{
    private readonly TokenStream stream;
    private readonly PostfixParser postfix;

    public ExpressionParser(TokenStream stream)
    {
        this.stream = stream;
        postfix = new(stream, this);
    }

    public Expression Expression() => stream.Nested(Conditional);

    /// <summary>Without an inline if, as the conditions of statements are.</summary>
    public Expression Condition() => stream.Nested(Or);

    /// <summary>One expression, or several with commas: a tuple.</summary>
    public Expression Tuple(bool allowsInlineIf = true, bool isBracketed = false)
    {
        TemplatePlace place = stream.Current.Place;
        List<Expression> items = [];
        bool isTuple = false;
        while (items.Count == 0 || stream.SkipOperator(","))
        {
            isTuple |= items.Count > 0;
            if (stream.Current.Kind is TokenKind.PrintEnd or TokenKind.BlockEnd || stream.Current.IsOperator(")"))
            {
                break;
            }

            items.Add(allowsInlineIf ? Expression() : Condition());
        }

        return !isTuple && items.Count == 1 ? items[0]
            : items.Count > 0 || isBracketed ? new ListLiteral(place, items, isTuple: true)
            : throw stream.Unexpected("an expression");
    }

    private Expression Conditional()
    {
        int unknown = stream.Unknown.Count;
        TemplatePlace place = stream.Current.Place;
        Expression value = Or();
        while (stream.SkipName("if"))
        {
            Expression condition = Or();
            value = new Conditional(place, condition, value, stream.SkipName("else") ? stream.Nested(Conditional) : null);
            stream.AllowUnknown(unknown);
        }

        return value;
    }

    private Expression Or() => Joined("or", isAnd: false, () => Joined("and", isAnd: true, Not));

    private Expression Joined(string word, bool isAnd, Func<Expression> operand)
    {
        Expression left = operand();
        while (stream.Current.IsName(word))
        {
            TemplatePlace place = stream.Next().Place;
            left = new Junction(place, isAnd, left, operand());
        }

        return left;
    }

    private Expression Not()
    {
        TemplatePlace place = stream.Current.Place;
        return stream.SkipName("not") ? new Negation(place, stream.Nested(Not)) : Comparison();
    }

    private Expression Comparison()
    {
        TemplatePlace place = stream.Current.Place;
        Expression first = Sum();
        List<(string, Expression)> rest = [];
        while (ComparisonSign() is string sign)
        {
            rest.Add((sign, Sum()));
        }

        return rest.Count == 0 ? first : new Comparison(place, first, rest);
    }

    private string? ComparisonSign()
    {
        if (stream.Current.Kind == TokenKind.Operator && stream.Current.Text is "==" or "!=" or "<" or "<=" or ">" or ">=")
        {
            return stream.Next().Text;
        }

        if (stream.SkipName("in"))
        {
            return "in";
        }

        if (stream.Current.IsName("not") && stream.Ahead.IsName("in"))
        {
            stream.Next();
            stream.Next();
            return "not in";
        }

        return null;
    }

    private Expression Sum() => Operations(["+", "-"], Concatenation);

    private Expression Concatenation()
    {
        TemplatePlace place = stream.Current.Place;
        List<Expression> parts = [Product()];
        while (stream.SkipOperator("~"))
        {
            parts.Add(Product());
        }

        return parts.Count == 1 ? parts[0] : new Concatenation(place, parts);
    }

    private Expression Product() => Operations(["*", "/", "//", "%"], Power);

    private Expression Power()
    {
        Expression value = postfix.Signed(withFilters: true);
        return stream.Current.IsOperator("**")
            ? throw TemplateFault.Unsupported($"the operator ** is not supported").At(stream.Current.Place)
            : value;
    }

    private Expression Operations(string[] signs, Func<Expression> operand)
    {
        Expression left = operand();
        while (stream.Current.Kind == TokenKind.Operator && signs.Contains(stream.Current.Text))
        {
            Token sign = stream.Next();
            left = new Operation(sign.Place, sign.Text, left, operand());
        }

        return left;
    }
}
