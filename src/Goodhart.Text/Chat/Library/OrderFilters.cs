using Goodhart.Text.Chat.Safety;
using Goodhart.Text.Chat.Values;

namespace Goodhart.Text.Chat.Library;

/// <summary>Filters that sort, or look for an extreme or for repetitions. Texts compare without regard to case unless asked.</summary>
internal static class OrderFilters
{
    public static Dictionary<string, Filter> All { get; } = new(StringComparer.Ordinal)
    {
        ["sort"] = (value, arguments, budget) =>
        {
            object?[] given = arguments.Bind("sort", 0, "reverse", "case_sensitive", "attribute");
            return new ListValue(Sorted(Kinds.ToList(value, budget), Key(given[2], given[1], budget), IsSet(given[0]), budget));
        },
        ["dictsort"] = (value, arguments, budget) =>
        {
            object?[] given = arguments.Bind("dictsort", 0, "case_sensitive", "by", "reverse");
            object by = given[1] ?? "key";
            MapValue map = value as MapValue ?? throw TemplateFault.Type($"dictsort takes a map, {Kinds.Named(value)} found");
            long index = Kinds.Text(by) switch
            {
                "key" => 0,
                "value" => 1,
                _ => throw TemplateFault.Value($"dictsort sorts by 'key' or by 'value'"),
            };
            return new ListValue(Sorted(MapMethods.Pairs(map), Key(index, given[0], budget), IsSet(given[2]), budget));
        },
        ["unique"] = (value, arguments, budget) =>
        {
            object?[] given = arguments.Bind("unique", 0, "case_sensitive", "attribute");
            Func<object, object> key = Key(given[1], given[0], budget);
            HashSet<object> seen = new(KeyComparer.Instance);
            return new Generator(Kinds.Iterate(value, budget).Where(item => seen.Add(KeyComparer.Checked(key(item)))));
        },
        ["min"] = Extreme("min", -1),
        ["max"] = Extreme("max", 1),
    };

    private static Filter Extreme(string name, int direction) => (value, arguments, budget) =>
    {
        object?[] given = arguments.Bind(name, 0, "case_sensitive", "attribute");
        Func<object, object> key = Key(given[1], given[0], budget);
        object best = new Undefined($"{name}: there is no item, the sequence is empty");
        object? bestKey = null;
        foreach (object item in Kinds.Iterate(value, budget))
        {
            object itemKey = key(item);
            if (bestKey is null || Ordering.Compare(itemKey, bestKey, "<", budget) * direction > 0)
            {
                (best, bestKey) = (item, itemKey);
            }
        }

        return best;
    };

    private static Func<object, object> Key(object? attribute, object? caseSensitive, Budget budget) => item =>
    {
        if (attribute is not null && Kinds.Text(attribute)?.Contains(',', StringComparison.Ordinal) == true)
        {
            throw TemplateFault.Unsupported($"sorting by several attributes is not supported");
        }

        object key = attribute is null or None ? item : Lookup.Path(item, attribute, budget);
        return !IsSet(caseSensitive) && Kinds.Text(key) is string text ? text.ToLowerInvariant() : key;
    };

    private static List<object> Sorted(List<object> items, Func<object, object> key, bool descending, Budget budget)
    {
        List<(object Item, object Key)> keyed = [.. items.Select(item => (item, key(item)))];
        return [.. Ordering.Sorted(keyed, entry => entry.Key, descending, budget).Select(entry => entry.Item)];
    }

    private static bool IsSet(object? flag) => flag is not null && Kinds.IsTrue(flag);
}
