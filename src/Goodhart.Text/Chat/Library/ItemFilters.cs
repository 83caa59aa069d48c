using Goodhart.Text.Chat.Safety;
using Goodhart.Text.Chat.Values;

namespace Goodhart.Text.Chat.Library;

/// <summary>Filters over the items of a value, and the default for one that is missing.</summary>
internal static class ItemFilters
{
    public static Dictionary<string, Filter> All { get; } = new(StringComparer.Ordinal)
    {
        ["default"] = Default,
        ["d"] = Default,
        ["list"] = (value, arguments, budget) =>
        {
            arguments.ExpectNone("list");
            return new ListValue(Kinds.ToList(value, budget));
        },
        ["items"] = (value, arguments, budget) =>
        {
            arguments.ExpectNone("items");
            return value switch
            {
                Undefined => new Generator([]),
                MapValue map => new Generator(MapMethods.Pairs(map)),
                _ => throw TemplateFault.Type($"items takes a map, {Kinds.Named(value)} found"),
            };
        },
        ["first"] = (value, arguments, budget) =>
        {
            arguments.ExpectNone("first");
            return Kinds.Iterate(value, budget).FirstOrDefault(new Undefined("there is no first item, the sequence is empty"));
        },
        ["last"] = (value, arguments, budget) =>
        {
            arguments.ExpectNone("last");
            return Reversed(value, budget).FirstOrDefault(new Undefined("there is no last item, the sequence is empty"));
        },
        ["reverse"] = (value, arguments, budget) =>
        {
            arguments.ExpectNone("reverse");
            return Kinds.Text(value) is string text
                ? Slices.Of(text, None.Value, None.Value, -1L, budget)
                : new Generator(Reversed(value, budget));
        },
        ["map"] = Map,
    };

    private static object Default(object value, Arguments arguments, Budget budget)
    {
        object?[] given = arguments.Bind("default", 0, "default_value", "boolean");
        bool replaces = value is Undefined || (given[1] is object also && Kinds.IsTrue(also) && !Kinds.IsTrue(value));
        return replaces ? given[0] ?? "" : value;
    }

    private static List<object> Reversed(object value, Budget budget)
    {
        if (value is Generator || Kinds.TryLength(value) is null)
        {
            throw TemplateFault.Type($"{Kinds.Named(value)} cannot be gone through backwards");
        }

        List<object> items = Kinds.ToList(value, budget);
        items.Reverse();
        return items;
    }

    /// <summary>An attribute of each item, or a filter on each.</summary>
    private static Generator Map(object value, Arguments arguments, Budget budget)
    {
        if (arguments.Positional.Count == 0)
        {
            object?[] given = arguments.Bind("map", 1, "attribute", "default");
            return new Generator(Kinds.Iterate(value, budget).Select(item =>
                Lookup.Path(item, given[0]!, budget) is var found && found is Undefined && given[1] is object absent && absent is not None
                    ? absent
                    : found));
        }

        Filter filter = Filters.Get(TextMethods.Text("map", arguments.Positional[0]));
        Arguments rest = new([.. arguments.Positional.Skip(1)], arguments.Named);
        return new Generator(Kinds.Iterate(value, budget).Select(item => filter(item, rest, budget)));
    }
}
