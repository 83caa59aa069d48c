using Goodhart.Text.Chat.Safety;
using Goodhart.Text.Chat.Values;

namespace Goodhart.Text.Chat.Library;

/// <summary>The operators between two values, by their signs.</summary>
internal static class Operators
{
    public static object Apply(string sign, object left, object right, Budget budget)
    {
        if (left is Undefined missing || (missing = (right as Undefined)!) is not null)
        {
            throw missing.Fault();
        }

        return sign switch
        {
            "+" => Add(left, right, budget),
            "*" when Repeated(left, right, budget) is object repeated => repeated,
            _ when Number.Is(left) && Number.Is(right) => Arithmetic.Apply(sign, left, right),
            "%" when Kinds.Text(left) is not null => throw TemplateFault.Unsupported($"formatting a text with % is not supported"),
            _ => throw Mismatch(sign, left, right),
        };
    }

    /// <summary>The operator <c>~</c>: both sides as text.</summary>
    public static string Concatenate(IReadOnlyList<object> parts, Budget budget)
    {
        string[] texts = [.. parts.Select(part => Printed.Of(part, budget))];
        budget.Hold(texts.Sum(text => (long)text.Length));
        return string.Concat(texts);
    }

    public static bool Compare(string sign, object left, object right, Budget budget) => sign switch
    {
        "==" => Equality.Same(left, right, budget),
        "!=" => !Equality.Same(left, right, budget),
        "in" => Contains(right, left, budget),
        "not in" => !Contains(right, left, budget),
        "<" => Ordering.Compare(left, right, sign, budget) < 0,
        "<=" => Ordering.Compare(left, right, sign, budget) <= 0,
        ">" => Ordering.Compare(left, right, sign, budget) > 0,
        _ => Ordering.Compare(left, right, sign, budget) >= 0,
    };

    private static bool Contains(object container, object value, Budget budget)
    {
        switch (container)
        {
            case string or SafeText:
                string text = Kinds.Text(container)!;
                budget.Step(text.Length / 16);
                return text.Contains(
                    Kinds.Text(value) ?? throw TemplateFault.Type($"in: a text holds texts only, {Kinds.Named(value)} found"),
                        StringComparison.Ordinal);
            case MapValue map:
                return map.TryGet(value, out _);
            case RangeValue or ListValue or MapView or Generator or Undefined:
                return Kinds.Iterate(container, budget).Any(item => ReferenceEquals(item, value) || Equality.Same(item, value, budget));
            default:
                throw TemplateFault.Type($"in: {Kinds.Named(container)} holds nothing");
        }
    }

    private static object Add(object left, object right, Budget budget)
    {
        switch (left, right)
        {
            case (SafeText, string or SafeText) or (string, SafeText):
                throw TemplateFault.Unsupported(
                    $"'+' with a text marked safe, which would escape the other, is not supported: use ~ instead");
            case (string a, string b):
                budget.Hold(a.Length + (long)b.Length);
                return a + b;
            case (ListValue a, ListValue b) when a.IsTuple == b.IsTuple:
                budget.HoldRepeated(1, 8L * (a.Items.Count + b.Items.Count));
                return new ListValue([.. a.Items, .. b.Items], a.IsTuple);
            default:
                return Number.Is(left) && Number.Is(right) ? Arithmetic.Apply("+", left, right) : throw Mismatch("+", left, right);
        }
    }

    /// <summary>A text or list times a number, either way round; null where it is no such product.</summary>
    private static object? Repeated(object left, object right, Budget budget)
    {
        (object what, object count) = Number.Integer(left) is null ? (left, right) : (right, left);
        if (Number.Integer(count) is not long asked || what is not (string or SafeText or ListValue))
        {
            return null;
        }

        long times = Math.Max(asked, 0);
        if (what is ListValue list)
        {
            budget.HoldRepeated(8L * list.Items.Count, times);
            List<object> items = new(list.Items.Count * (int)(list.Items.Count == 0 ? 0 : times));
            for (long i = 0; list.Items.Count > 0 && i < times; i++)
            {
                items.AddRange(list.Items);
            }

            return new ListValue(items, list.IsTuple);
        }

        string text = Kinds.Text(what)!;
        budget.HoldRepeated(text.Length, times);
        return text.Length == 0 ? "" : string.Concat(Enumerable.Repeat(text, (int)times));
    }

    private static TemplateFault Mismatch(string sign, object left, object right) =>
        TemplateFault.Type($"'{sign}' does not work between {Kinds.Named(left)} and {Kinds.Named(right)}");
}
