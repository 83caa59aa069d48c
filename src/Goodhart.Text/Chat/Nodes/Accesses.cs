using Goodhart.Text.Chat.Library;
using Goodhart.Text.Chat.Safety;
using Goodhart.Text.Chat.Values;

namespace Goodhart.Text.Chat.Nodes;

/// <summary><c>a.name</c>.</summary>
internal sealed class AttributeAccess(TemplatePlace place, Expression value, string name) : Expression(place)
{
    protected override object Compute(Frame frame) => Lookup.Attribute(value.Evaluate(frame), name, frame.Budget);
}

/// <summary><c>a[key]</c>.</summary>
internal sealed class ElementAccess(TemplatePlace place, Expression value, Expression key) : Expression(place)
{
    protected override object Compute(Frame frame)
    {
        object owner = value.Evaluate(frame);
        return Lookup.Element(owner, key.Evaluate(frame), frame.Budget);
    }
}

/// <summary><c>a[start:stop:step]</c>.</summary>
internal sealed class SliceAccess(TemplatePlace place, Expression value, Expression? start, Expression? stop, Expression? step)
    : Expression(place)
{
    protected override object Compute(Frame frame)
    {
        object owner = value.Evaluate(frame);
        return Slices.Of(owner, Bound(start), Bound(stop), Bound(step), frame.Budget);

        object Bound(Expression? bound) => bound?.Evaluate(frame) ?? None.Value;
    }
}

/// <summary><c>f(a, *list, name=b, **map)</c>.</summary>
internal sealed class Invocation(TemplatePlace place, Expression callee, ArgumentList arguments) : Expression(place)
{
    /// <param name="caller">The body of a call block, given to the macro as <c>caller</c>.</param>
    public object Invoke(Frame frame, MacroValue? caller)
    {
        object target = callee.Evaluate(frame);
        Arguments given = arguments.Evaluate(frame, caller);
        return target switch
        {
            ICallable function => function.Call(given, frame.Budget),
            Undefined missing => throw missing.Fault(),
            ILoop => throw TemplateFault.Unsupported($"recursive loops are not supported"),
            _ => throw TemplateFault.Type($"{Kinds.Named(target)} cannot be called"),
        };
    }

    protected override object Compute(Frame frame) => Invoke(frame, null);
}

/// <summary><c>a | filter(...)</c>.</summary>
internal sealed class Filtered(TemplatePlace place, Expression value, FilterCall filter) : Expression(place)
{
    protected override object Compute(Frame frame) => filter.Apply(value.Evaluate(frame), frame);
}

/// <summary><c>a is test(...)</c>.</summary>
internal sealed class Tested(TemplatePlace place, Expression value, string name, ArgumentList arguments) : Expression(place)
{
    protected override object Compute(Frame frame)
    {
        object subject = value.Evaluate(frame);
        return Tests.Get(name)(subject, arguments.Evaluate(frame, null), frame.Budget);
    }
}
