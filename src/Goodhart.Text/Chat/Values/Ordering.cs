using Goodhart.Text.Chat.Safety;

namespace Goodhart.Text.Chat.Values;

/// <summary>The order of numbers, of texts (by code points) and of lists; everything else has none.</summary>
internal static class Ordering
{
    /// <summary>Below zero if the left is the smaller; null where a number is not comparable (NaN).</summary>
    public static int? Compare(object left, object right, string sign, Budget budget, int depth = 0)
    {
        Budget.CheckDepth(depth);
        budget.Step(3);
        if (Kinds.Text(left) is string text && Kinds.Text(right) is string other)
        {
            budget.Step(Math.Min(text.Length, other.Length) / 8);
            return CompareText(text, other);
        }

        return (left, right) switch
        {
            (Undefined missing, _) => throw missing.Fault(),
            (_, Undefined missing) => throw missing.Fault(),
            (bool or long or double, bool or long or double) => CompareNumbers(left, right),
            (ListValue a, ListValue b) when a.IsTuple == b.IsTuple => CompareItems(a.Items, b.Items, sign, budget, depth),
            _ => throw TemplateFault.Type($"'{sign}' does not compare {Kinds.Named(left)} with {Kinds.Named(right)}"),
        };
    }

    /// <summary>The items by their keys; those with equal keys stay as they are.</summary>
    public static List<T> Sorted<T>(IEnumerable<T> items, Func<T, object> key, bool descending, Budget budget)
    {
        Comparer<object> order = Comparer<object>.Create((a, b) => Compare(a, b, "<", budget) ?? 0);
        try
        {
            return [.. descending ? items.OrderByDescending(key, order) : items.OrderBy(key, order)];
        }
        catch (InvalidOperationException problem) when (problem.InnerException is TemplateFault fault)
        {
            // .NET wraps what a comparison throws.
            throw fault;
        }
    }

    /// <summary>By code points: UTF-16 would put what lies beyond its first plane before U+E000.</summary>
    public static int CompareText(string left, string right)
    {
        int shared = left.AsSpan().CommonPrefixLength(right);
        if (shared == left.Length || shared == right.Length)
        {
            return left.Length.CompareTo(right.Length);
        }

        (char a, char b) = (left[shared], right[shared]);
        return char.IsSurrogate(a) == char.IsSurrogate(b) ? a.CompareTo(b) : char.IsSurrogate(a) ? 1 : -1;
    }

    private static int? CompareNumbers(object left, object right)
    {
        if (Number.Integer(left) is long a && Number.Integer(right) is long b)
        {
            return a.CompareTo(b);
        }

        (double x, double y) = (Number.Real(left), Number.Real(right));
        return double.IsNaN(x) || double.IsNaN(y) ? null : x.CompareTo(y);
    }

    private static int? CompareItems(IReadOnlyList<object> left, IReadOnlyList<object> right, string sign, Budget budget, int depth)
    {
        for (int i = 0; i < Math.Min(left.Count, right.Count); i++)
        {
            if (!Equality.Same(left[i], right[i], budget, depth + 1))
            {
                return Compare(left[i], right[i], sign, budget, depth + 1);
            }
        }

        return left.Count.CompareTo(right.Count);
    }
}
