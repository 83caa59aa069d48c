using System.Collections.Frozen;
using Goodhart.Text.Chat.Safety;
using Goodhart.Text.Chat.Values;

namespace Goodhart.Text.Chat.Library;

internal delegate object Method(object value, Arguments arguments, Budget budget);

/// <summary>The methods of texts, maps and lists: those known, and the names of those that exist but are refused.</summary>
internal static class Methods
{
    private static readonly FrozenDictionary<string, Method> OfText = Table(TextMethods.All,
        "capitalize casefold center encode expandtabs format format_map index isalnum isalpha isascii isdecimal isidentifier islower " +
        "isnumeric isprintable isspace istitle isupper ljust maketrans partition rindex rjust rpartition swapcase translate zfill");

    private static readonly FrozenDictionary<string, Method> OfMap = Table(
        MapMethods.All, "copy fromkeys", "clear pop popitem setdefault update");

    private static readonly FrozenDictionary<string, Method> OfList =
        Table([], "copy count index", "append clear extend insert pop remove reverse sort");

    private static readonly FrozenDictionary<string, Method> OfTuple = Table([], "count index");

    private static readonly FrozenDictionary<string, Method> OfInteger = Table([],
        "as_integer_ratio bit_count bit_length conjugate denominator from_bytes imag numerator real to_bytes");

    private static readonly FrozenDictionary<string, Method> OfFloat =
        Table([], "as_integer_ratio conjugate fromhex hex imag is_integer real");

    private static readonly FrozenDictionary<string, Method> OfRange = Table([], "count index start step stop");
    private static readonly FrozenDictionary<string, Method> OfView = Table([], "isdisjoint mapping");
    private static readonly FrozenDictionary<string, Method> OfGenerator =
        Table([], "", "close gi_code gi_frame gi_running gi_yieldfrom send throw");

    /// <summary>A method of a value, bound to it; null where there is none of that name.</summary>
    public static object? Find(object value, string name)
    {
        FrozenDictionary<string, Method>? table = value switch
        {
            string or SafeText => OfText,
            MapValue => OfMap,
            ListValue { IsTuple: true } => OfTuple,
            ListValue => OfList,
            long or bool => OfInteger,
            double => OfFloat,
            RangeValue => OfRange,
            MapView => OfView,
            Generator => OfGenerator,
            _ => null,
        };
        return table?.GetValueOrDefault(name) is Method method ? new Function(name, (arguments, budget) => method(value, arguments, budget))
            : null;
    }

    private static FrozenDictionary<string, Method> Table(Dictionary<string, Method> known, string unknown, string forbidden = "")
    {
        Dictionary<string, Method> table = new(known, StringComparer.Ordinal);
        foreach (string name in unknown.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            table.TryAdd(name, (value, _, _) => throw TemplateFault.Unsupported(
                $"the method {name} of {Kinds.Named(value)} is not supported"));
        }

        foreach (string name in forbidden.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            table.TryAdd(name, (value, _, _) => throw TemplateFault.Of(
                FaultKind.Security, $"{name} is not allowed: templates cannot change {Kinds.Named(value)}"));
        }

        return table.ToFrozenDictionary(StringComparer.Ordinal);
    }
}
