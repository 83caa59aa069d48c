using Goodhart.Text.Chat.Safety;
using Goodhart.Text.Chat.Values;

namespace Goodhart.Text.Chat.Nodes;

/// <summary>Statements one after the other.</summary>
internal sealed class Body(TemplatePlace place, IReadOnlyList<Statement> statements) : Statement(place)
{
    protected override Flow Run(Frame frame)
    {
        foreach (Statement statement in statements)
        {
            Flow flow = statement.Execute(frame);
            if (flow != Flow.Next)
            {
                return flow;
            }
        }

        return Flow.Next;
    }
}

/// <summary>Text between tags.</summary>
internal sealed class PlainText(TemplatePlace place, string text) : Statement(place)
{
    protected override Flow Run(Frame frame)
    {
        frame.Write(text);
        return Flow.Next;
    }
}

/// <summary><c>{{ a }}</c>; the statement <c>{% print a, b %}</c> is several of them.</summary>
internal sealed class Print(TemplatePlace place, Expression value) : Statement(place)
{
    protected override Flow Run(Frame frame)
    {
        frame.Write(Printed.Of(value.Evaluate(frame), frame.Budget));
        return Flow.Next;
    }
}

/// <summary><c>{% if %}</c>; an if has no scope of its own.</summary>
internal sealed class Branches(TemplatePlace place, IReadOnlyList<(Expression Condition, Statement Body)> branches, Statement? otherwise)
    : Statement(place)
{
    protected override Flow Run(Frame frame)
    {
        foreach ((Expression condition, Statement body) in branches)
        {
            if (Kinds.IsTrue(condition.Evaluate(frame)))
            {
                return body.Execute(frame);
            }
        }

        return otherwise?.Execute(frame) ?? Flow.Next;
    }
}

/// <summary><c>{% break %}</c> and <c>{% continue %}</c>.</summary>
internal sealed class Leave(TemplatePlace place, Flow flow) : Statement(place)
{
    protected override Flow Run(Frame frame) => flow;
}

/// <summary><c>{% set a = b %}</c>.</summary>
internal sealed class Assignment(TemplatePlace place, Target target, Expression value) : Statement(place)
{
    protected override Flow Run(Frame frame)
    {
        target.Assign(value.Evaluate(frame), frame);
        return Flow.Next;
    }
}

/// <summary><c>{% set a %}...{% endset %}</c> and <c>{% filter f %}...{% endfilter %}</c>: a body's text, filtered, then set or
/// written.</summary>
internal sealed class Capture(TemplatePlace place, Target? target, IReadOnlyList<FilterCall> filters, Statement body) : Statement(place)
{
    protected override Flow Run(Frame frame)
    {
        Frame captured = frame.Captured();
        Flow flow = body.Execute(captured);
        object value = captured.Output.ToString();
        foreach (FilterCall filter in filters)
        {
            value = filter.Apply(value, captured);
        }

        if (target is null)
        {
            frame.Write(Printed.Of(value, frame.Budget));
        }
        else
        {
            target.Assign(value, frame);
        }

        return flow;
    }
}

/// <summary><c>{% with a = b %}</c>: names for a while; their values are those from outside.</summary>
internal sealed class With(TemplatePlace place, IReadOnlyList<(Target Target, Expression Value)> names, Statement body) : Statement(place)
{
    protected override Flow Run(Frame frame)
    {
        Frame inner = frame.Inner();
        foreach ((Target target, Expression value) in names)
        {
            target.Assign(value.Evaluate(frame), inner);
        }

        return body.Execute(inner);
    }
}

/// <summary><c>{% macro %}</c>.</summary>
internal sealed class MacroStatement(TemplatePlace place, MacroDefinition definition) : Statement(place)
{
    protected override Flow Run(Frame frame)
    {
        frame.Scope.Set(definition.Name, new MacroValue(definition, frame));
        return Flow.Next;
    }
}

/// <summary><c>{% call f() %}...{% endcall %}</c>.</summary>
internal sealed class CallBlock(TemplatePlace place, Invocation call, MacroDefinition caller) : Statement(place)
{
    protected override Flow Run(Frame frame)
    {
        frame.Write(Printed.Of(call.Invoke(frame, new(caller, frame)), frame.Budget));
        return Flow.Next;
    }
}

/// <summary><c>{% generation %}</c>: what an assistant says. Only at the top is its place in the text known.</summary>
internal sealed class Generation(TemplatePlace place, Statement body) : Statement(place)
{
    protected override Flow Run(Frame frame)
    {
        Frame captured = frame.Captured();
        body.Execute(captured);
        int start = frame.Render.Output.Length;
        if (ReferenceEquals(frame.Output, frame.Render.Output))
        {
            frame.Render.Generated.Add((start, start + captured.Output.Length));
        }

        frame.Write(captured.Output.ToString());
        return Flow.Next;
    }
}
