using Goodhart.Text.Chat.Nodes;
using Goodhart.Text.Chat.Safety;

namespace Goodhart.Text.Chat.Parsing;

/// <summary>The statements between <c>{%</c> and <c>%}</c>, with their bodies.</summary>
internal sealed class StatementParser(TokenStream stream, ExpressionParser expressions, TemplateParser template)
{
    private readonly TargetParser targets = new(stream);
    private readonly PostfixParser filters = new(stream, expressions);

    /// <summary>Loops around the statement, within the macro that it belongs to.</summary>
    private int loops;

    public Statement Read(TemplatePlace place, string[] ends)
    {
        Token tag = stream.ExpectName("the name of a statement");
        return tag.Text switch
        {
            "if" => If(place),
            "for" => For(place),
            "set" => Set(place),
            "macro" => new MacroStatement(place, Macro(stream.ExpectName("the macro's name").Text)),
            "call" => Call(place),
            "generation" => Generation(place),
            "filter" => FilterBlock(place),
            "with" => With(place),
            "print" => Print(place),
            "break" or "continue" => loops > 0
                ? new Leave(place, tag.Text == "break" ? Flow.Break : Flow.Continue)
                : throw new TemplateFault(FaultKind.Syntax, $"{tag.Text} stands outside a loop").At(place),
            "block" or "extends" or "include" or "from" or "import" or "autoescape" =>
                throw TemplateFault.Unsupported($"the statement {tag.Text} is not supported in chat templates").At(place),
            _ => throw new TemplateFault(FaultKind.Syntax, $"unknown statement {tag.Shown}" + (ends.Length == 0 ? "" :
                $"; open is one that ends with {string.Join(" or ", ends)}")).At(place),
        };
    }

    private Body Print(TemplatePlace place)
    {
        List<Statement> values = [];
        while (stream.Current.Kind != TokenKind.BlockEnd)
        {
            if (values.Count > 0)
            {
                stream.ExpectOperator(",");
            }

            values.Add(new Print(stream.Current.Place, expressions.Expression()));
        }

        return new(place, values);
    }

    private Branches If(TemplatePlace place)
    {
        int unknown = stream.Unknown.Count;
        List<(Expression, Statement)> branches = [];
        Statement? otherwise = null;
        do
        {
            Expression condition = expressions.Tuple(allowsInlineIf: false);
            branches.Add((condition, Body("elif", "else", "endif")));
        }
        while (stream.SkipName("elif"));

        if (stream.SkipName("else"))
        {
            otherwise = Body("endif");
        }

        stream.Next();

        // What a condition guards is looked for when it is reached.
        stream.AllowUnknown(unknown);
        return new(place, branches, otherwise);
    }

    private ForLoop For(TemplatePlace place)
    {
        Target target = targets.Read(allowsAttribute: false);
        if (!stream.SkipName("in"))
        {
            throw stream.Unexpected("'in'");
        }

        Expression items = expressions.Tuple(allowsInlineIf: false);
        int unknown = stream.Unknown.Count;
        Expression? condition = stream.SkipName("if") ? expressions.Expression() : null;
        if (stream.Current.IsName("recursive"))
        {
            throw TemplateFault.Unsupported($"recursive loops are not supported").At(stream.Current.Place);
        }

        loops++;
        Statement body = Body("endfor", "else");
        loops--;
        Statement? otherwise = stream.SkipName("else") ? Body("endfor") : null;
        stream.Next();
        stream.RefuseUnknown(unknown);
        return new(place, target, items, condition, body, otherwise);
    }

    private Statement Set(TemplatePlace place)
    {
        Target target = targets.Read(allowsAttribute: true);
        if (stream.SkipOperator("="))
        {
            return new Assignment(place, target, expressions.Tuple());
        }

        List<FilterCall> chain = [];
        while (stream.SkipOperator("|"))
        {
            chain.Add(filters.Filter());
        }

        return new Capture(place, target, chain, Guarded(() => Closed("endset")));
    }

    private Capture FilterBlock(TemplatePlace place)
    {
        List<FilterCall> chain = [filters.Filter()];
        while (stream.SkipOperator("|"))
        {
            chain.Add(filters.Filter());
        }

        return new(place, null, chain, Guarded(() => Closed("endfilter")));
    }

    private With With(TemplatePlace place)
    {
        List<(Target, Expression)> names = [];
        while (stream.Current.Kind != TokenKind.BlockEnd)
        {
            if (names.Count > 0)
            {
                stream.ExpectOperator(",");
            }

            Target target = targets.Read(allowsAttribute: false, allowsTuple: false);
            stream.ExpectOperator("=");
            names.Add((target, expressions.Expression()));
        }

        return new(place, names, Guarded(() => Closed("endwith")));
    }

    private CallBlock Call(TemplatePlace place)
    {
        IReadOnlyList<(string, Expression?)> parameters = stream.Current.IsOperator("(") ? Parameters() : [];
        Invocation call = expressions.Expression() as Invocation ?? throw stream.Fault("a call block takes a call: {% call f() %}");
        return new(place, call, Definition("caller", parameters, "endcall"));
    }

    private Generation Generation(TemplatePlace place) => new(place, Separate(() => Closed("endgeneration")));

    private MacroDefinition Macro(string name) => Definition(name, Parameters(), "endmacro");

    private MacroDefinition Definition(string name, IReadOnlyList<(string Name, Expression?)> parameters, string end)
    {
        HashSet<string> outer = stream.Used;
        stream.Used = new(StringComparer.Ordinal);
        Statement body = Separate(() => Closed(end));
        HashSet<string> used = stream.Used;
        outer.UnionWith(used);
        stream.Used = outer;
        used.ExceptWith(parameters.Select(parameter => parameter.Name));
        return new(name, parameters, body, used.Contains("caller"), used.Contains("varargs"), used.Contains("kwargs"));
    }

    private List<(string, Expression?)> Parameters()
    {
        List<(string Name, Expression? Default)> parameters = [];
        stream.ExpectOperator("(");
        while (!stream.SkipOperator(")"))
        {
            if (parameters.Count > 0)
            {
                stream.ExpectOperator(",");
            }

            string name = targets.Name("a parameter's name");
            Expression? absent = stream.SkipOperator("=") ? expressions.Expression() : null;
            parameters.Add(absent is null && parameters.Count > 0 && parameters[^1].Default is not null
                ? throw stream.Fault($"the parameter '{name}' has no default, but follows one that has")
                : (name, absent));
        }

        return parameters;
    }

    /// <summary>A body of which loops outside are not to be left: it becomes a function.</summary>
    private Statement Separate(Func<Statement> parse)
    {
        (int outer, loops) = (loops, 0);
        Statement body = Guarded(parse);
        loops = outer;
        return body;
    }

    private Statement Guarded(Func<Statement> parse)
    {
        int unknown = stream.Unknown.Count;
        Statement body = parse();
        stream.RefuseUnknown(unknown);
        return body;
    }

    private Statement Closed(string end)
    {
        Statement body = Body(end);
        stream.Next();
        return body;
    }

    private Statement Body(params string[] ends)
    {
        stream.SkipOperator(":");
        stream.Expect(TokenKind.BlockEnd, "%}");
        return template.Body(ends);
    }
}
