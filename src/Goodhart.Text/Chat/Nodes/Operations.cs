using Goodhart.Text.Chat.Library;
using Goodhart.Text.Chat.Safety;
using Goodhart.Text.Chat.Values;

namespace Goodhart.Text.Chat.Nodes;

/// <summary><c>a + b</c> and so on.</summary>
internal sealed class Operation(TemplatePlace place, string sign, Expression left, Expression right) : Expression(place)
{
    protected override object Compute(Frame frame)
    {
        object first = left.Evaluate(frame);
        return Operators.Apply(sign, first, right.Evaluate(frame), frame.Budget);
    }
}

/// <summary><c>-a</c> and <c>+a</c>.</summary>
internal sealed class Signed(TemplatePlace place, string sign, Expression value) : Expression(place)
{
    protected override object Compute(Frame frame) => Arithmetic.Negate(value.Evaluate(frame), sign);
}

/// <summary><c>a ~ b ~ c</c>.</summary>
internal sealed class Concatenation(TemplatePlace place, IReadOnlyList<Expression> parts) : Expression(place)
{
    protected override object Compute(Frame frame)
    {
        object[] values = new object[parts.Count];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = parts[i].Evaluate(frame);
        }

        return Operators.Concatenate(values, frame.Budget);
    }
}

/// <summary><c>a &lt; b &lt;= c</c>: each value is evaluated once, and none behind the first comparison that fails.</summary>
internal sealed class Comparison(TemplatePlace place, Expression first, IReadOnlyList<(string Sign, Expression Value)> rest)
    : Expression(place)
{
    protected override object Compute(Frame frame)
    {
        object left = first.Evaluate(frame);
        foreach ((string sign, Expression value) in rest)
        {
            object right = value.Evaluate(frame);
            if (!Operators.Compare(sign, left, right, frame.Budget))
            {
                return false;
            }

            left = right;
        }

        return true;
    }
}

/// <summary><c>a and b</c>, <c>a or b</c>: the value that decides.</summary>
internal sealed class Junction(TemplatePlace place, bool isAnd, Expression left, Expression right) : Expression(place)
{
    protected override object Compute(Frame frame)
    {
        object first = left.Evaluate(frame);
        return Kinds.IsTrue(first) == isAnd ? right.Evaluate(frame) : first;
    }
}

/// <summary><c>not a</c>.</summary>
internal sealed class Negation(TemplatePlace place, Expression value) : Expression(place)
{
    protected override object Compute(Frame frame) => !Kinds.IsTrue(value.Evaluate(frame));
}

/// <summary><c>a if condition else b</c>; undefined where nothing else is given.</summary>
internal sealed class Conditional(TemplatePlace place, Expression condition, Expression value, Expression? otherwise) : Expression(place)
{
    protected override object Compute(Frame frame) => Kinds.IsTrue(condition.Evaluate(frame))
        ? value.Evaluate(frame)
        : otherwise?.Evaluate(frame) ?? new Undefined("the condition of an inline if is false, and it has no else");
}
