using Goodhart.Text.Chat.Safety;
using Goodhart.Text.Chat.Values;

namespace Goodhart.Text.Chat.Nodes;

/// <summary>A value that stands in the template.</summary>
internal sealed class Literal(TemplatePlace place, object value) : Expression(place)
{
    protected override object Compute(Frame frame) => value;
}

/// <summary>A variable.</summary>
internal sealed class Variable(TemplatePlace place, string name) : Expression(place)
{
    public string Name { get; } = name;

    protected override object Compute(Frame frame) =>
        frame.Scope.TryFind(Name, out object? value) ? value : new Undefined($"'{Shown}' is undefined");

    private string Shown => Name.Length <= 100 ? Name : Name[..100] + "…";
}

/// <summary><c>[a, b]</c> or <c>(a, b)</c>.</summary>
internal sealed class ListLiteral(TemplatePlace place, IReadOnlyList<Expression> items, bool isTuple) : Expression(place)
{
    public IReadOnlyList<Expression> Items { get; } = items;

    public bool IsTuple { get; } = isTuple;

    protected override object Compute(Frame frame)
    {
        object[] values = new object[Items.Count];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = Items[i].Evaluate(frame);
        }

        return new ListValue(values, IsTuple);
    }
}

/// <summary><c>{a: b}</c>.</summary>
internal sealed class MapLiteral(TemplatePlace place, IReadOnlyList<(Expression Key, Expression Value)> entries) : Expression(place)
{
    protected override object Compute(Frame frame)
    {
        MapValue map = new();
        foreach ((Expression key, Expression value) in entries)
        {
            object found = key.Evaluate(frame);
            map.Set(found, value.Evaluate(frame));
        }

        return map;
    }
}
