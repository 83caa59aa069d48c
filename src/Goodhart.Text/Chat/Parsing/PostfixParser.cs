using Goodhart.Text.Chat.Library;
using Goodhart.Text.Chat.Nodes;
using Goodhart.Text.Chat.Safety;

namespace Goodhart.Text.Chat.Parsing;

/// <summary>Literals and names with what stands behind them: attributes, elements, calls, filters, tests.</summary>
internal sealed class PostfixParser(TokenStream stream, ExpressionParser expressions)
{
    private readonly PrimaryParser primary = new(stream, expressions);

    public Expression Signed(bool withFilters)
    {
        Token token = stream.Current;
        bool isSigned = token.IsOperator("-") || token.IsOperator("+");
        if (isSigned)
        {
            stream.Next();
        }

        Expression value = isSigned
            ? new Signed(token.Place, token.Text, stream.Nested(() => Signed(withFilters: false)))
            : primary.Read();
        value = Accesses(value);
        return withFilters ? FiltersAndTests(value) : value;
    }

    public FilterCall Filter()
    {
        Token name = DottedName("a filter's name");
        if (Filters.Find(name.Text) is null)
        {
            stream.Unknown.Add(new TemplateFault(FaultKind.Syntax, $"no filter is named '{name.Text}'").At(name.Place));
        }

        return new(name.Place, name.Text, stream.Current.IsOperator("(") ? Arguments() : ArgumentList.Empty);
    }

    private Expression Accesses(Expression value)
    {
        while (true)
        {
            TemplatePlace place = stream.Current.Place;
            if (stream.SkipOperator("."))
            {
                Token name = stream.Next();
                value = name.Kind switch
                {
                    TokenKind.Name => new AttributeAccess(name.Place, value, name.Text),
                    TokenKind.Integer => new ElementAccess(name.Place, value, PrimaryParser.Integer(name)),
                    _ => throw new TemplateFault(FaultKind.Syntax, "expected a name or number behind the dot").At(name.Place),
                };
            }
            else if (stream.SkipOperator("["))
            {
                value = Subscript(place, value);
            }
            else if (stream.Current.IsOperator("("))
            {
                value = new Invocation(place, value, Arguments());
            }
            else
            {
                return value;
            }
        }
    }

    private Expression FiltersAndTests(Expression value)
    {
        while (true)
        {
            TemplatePlace place = stream.Current.Place;
            if (stream.SkipOperator("|"))
            {
                value = new Filtered(place, value, Filter());
            }
            else if (stream.SkipName("is"))
            {
                value = Test(value);
            }
            else if (stream.Current.IsOperator("("))
            {
                value = new Invocation(place, value, Arguments());
            }
            else
            {
                return value;
            }
        }
    }

    private Expression Test(Expression value)
    {
        bool isNegated = stream.SkipName("not");
        Token name = DottedName("a test's name");
        if (Tests.Find(name.Text) is null)
        {
            stream.Unknown.Add(new TemplateFault(FaultKind.Syntax, $"no test is named '{name.Text}'").At(name.Place));
        }

        ArgumentList arguments = ArgumentList.Empty;
        Token next = stream.Current;
        if (next.IsOperator("("))
        {
            arguments = Arguments();
        }
        else if (next.Kind is TokenKind.Text or TokenKind.Integer or TokenKind.Float || next.IsOperator("[") || next.IsOperator("{")
            || (next.Kind == TokenKind.Name && next.Text is not ("else" or "or" or "and")))
        {
            arguments = next.IsName("is")
                ? throw stream.Fault("tests cannot be chained with is")
                : new([Accesses(primary.Read())], [], null, null);
        }

        Expression tested = new Tested(name.Place, value, name.Text, arguments);
        return isNegated ? new Negation(name.Place, tested) : tested;
    }

    private Token DottedName(string what)
    {
        Token name = stream.ExpectName(what);
        while (stream.SkipOperator("."))
        {
            name = name with { Text = $"{name.Text}.{stream.ExpectName(what).Text}" };
        }

        return name;
    }

    private Expression Subscript(TemplatePlace place, Expression value)
    {
        List<Expression> keys = [];
        while (!stream.SkipOperator("]"))
        {
            if (keys.Count > 0)
            {
                stream.ExpectOperator(",");
            }

            Expression? start = stream.Current.IsOperator(":") ? null : expressions.Expression();
            if (stream.SkipOperator(":"))
            {
                Expression? stop = Bound();
                Expression? step = stream.SkipOperator(":") ? Bound() : null;
                stream.ExpectOperator("]");
                return new SliceAccess(place, value, start, stop, step);
            }

            keys.Add(start!);
        }

        return new ElementAccess(place, value, keys.Count == 1 ? keys[0] : new ListLiteral(place, keys, isTuple: true));
    }

    private Expression? Bound() => stream.Current.IsOperator(":") || stream.Current.IsOperator("]") ? null : expressions.Expression();

    private ArgumentList Arguments()
    {
        stream.ExpectOperator("(");
        List<Expression> positional = [];
        List<(string, Expression)> named = [];
        Expression? list = null;
        Expression? map = null;
        bool isFirst = true;
        while (!stream.SkipOperator(")"))
        {
            if (!isFirst)
            {
                stream.ExpectOperator(",");
                if (stream.SkipOperator(")"))
                {
                    break;
                }
            }

            isFirst = false;
            Argument();
        }

        return new(positional, named, list, map);

        void Argument()
        {
            if (stream.SkipOperator("*"))
            {
                list = list is null && map is null ? expressions.Expression() : throw Misplaced();
            }
            else if (stream.SkipOperator("**"))
            {
                map = map is null ? expressions.Expression() : throw Misplaced();
            }
            else if (stream.Current.Kind == TokenKind.Name && stream.Ahead.IsOperator("="))
            {
                string name = map is null ? stream.Next().Text : throw Misplaced();
                stream.Next();
                named.Add((name, expressions.Expression()));
            }
            else
            {
                positional.Add(list is null && map is null && named.Count == 0 ? expressions.Expression() : throw Misplaced());
            }
        }

        TemplateFault Misplaced() => stream.Fault("an argument may not stand here: the order is a, *list, name=b, **map");
    }
}
