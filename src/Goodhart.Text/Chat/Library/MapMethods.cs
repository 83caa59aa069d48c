using Goodhart.Text.Chat.Values;

namespace Goodhart.Text.Chat.Library;

/// <summary>The methods of maps that read.</summary>
internal static class MapMethods
{
    public static Dictionary<string, Method> All { get; } = new(StringComparer.Ordinal)
    {
        ["get"] = (value, arguments, _) =>
        {
            object?[] given = arguments.Bind("get", 1, "key", "default");
            return ((MapValue)value).TryGet(given[0]!, out object? found) ? found : given[1] ?? None.Value;
        },
        ["keys"] = (value, arguments, budget) => View("keys", value, arguments, map => Kinds.ToList(map, budget)),
        ["values"] = (value, arguments, budget) =>
        {
            budget.Step(((MapValue)value).Count);
            return View("values", value, arguments, map => [.. map.Values]);
        },
        ["items"] = (value, arguments, budget) =>
        {
            budget.Step(3 * ((MapValue)value).Count);
            return View("items", value, arguments, Pairs);
        },
    };

    /// <summary>The entries of a map as tuples.</summary>
    public static List<object> Pairs(MapValue map) =>
        [.. map.Entries.Select(entry => new ListValue([entry.Key, entry.Value], isTuple: true))];

    private static MapView View(string kind, object value, Arguments arguments, Func<MapValue, List<object>> items)
    {
        arguments.ExpectNone(kind);
        return new(kind, items((MapValue)value));
    }
}
