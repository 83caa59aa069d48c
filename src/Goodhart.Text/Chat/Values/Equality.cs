using Goodhart.Text.Chat.Safety;

namespace Goodhart.Text.Chat.Values;

/// <summary>Equality by value: 1 == 1.0 == true, lists by their items, maps by their entries in any order.</summary>
internal static class Equality
{
    public static bool Same(object left, object right) => Same(left, right, null, 0);

    public static bool Same(object left, object right, Budget? budget, int depth = 0)
    {
        Budget.CheckDepth(depth);
        budget?.Step(2);
        if (Kinds.Text(left) is string text)
        {
            return Kinds.Text(right) is string other && SameText(text, other, budget);
        }

        return (left, right) switch
        {
            (Undefined, Undefined) => true,
            (ListValue a, ListValue b) => a.IsTuple == b.IsTuple && SameItems(a.Items, b.Items, budget, depth),
            (MapValue a, MapValue b) => SameEntries(a, b, budget, depth),
            (RangeValue a, RangeValue b) => a.Length == b.Length && (
                a.Length == 0 || (a.Start == b.Start && (a.Length == 1 || a.Step == b.Step))),
            (bool or long or double, bool or long or double) => SameNumber(left, right),
            _ => ReferenceEquals(left, right),
        };
    }

    private static bool SameText(string left, string right, Budget? budget)
    {
        budget?.Step(left.Length / 16);
        return left == right;
    }

    private static bool SameNumber(object left, object right) => (Number.Integer(left), Number.Integer(right)) switch
    {
        (long a, long b) => a == b,
        (long a, null) => SameMixed(a, (double)right),
        (null, long b) => SameMixed(b, (double)left),
        _ => (double)left == (double)right,
    };

    private static bool SameMixed(long whole, double number) =>
        number == Math.Floor(number) && Math.Abs(number) < 9.3e18 && (Int128)number == whole;

    private static bool SameItems(IReadOnlyList<object> left, IReadOnlyList<object> right, Budget? budget, int depth)
    {
        if (left.Count != right.Count)
        {
            return false;
        }

        for (int i = 0; i < left.Count; i++)
        {
            if (!ReferenceEquals(left[i], right[i]) && !Same(left[i], right[i], budget, depth + 1))
            {
                return false;
            }
        }

        return true;
    }

    private static bool SameEntries(MapValue left, MapValue right, Budget? budget, int depth)
    {
        if (left.Count != right.Count)
        {
            return false;
        }

        foreach ((object key, object value) in left.Entries)
        {
            if (!right.TryGet(key, out object? other) || !Same(value, other, budget, depth + 1))
            {
                return false;
            }
        }

        return true;
    }
}
