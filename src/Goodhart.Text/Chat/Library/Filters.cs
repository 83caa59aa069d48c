using System.Collections.Frozen;
using Goodhart.Text.Chat.Safety;
using Goodhart.Text.Chat.Values;

namespace Goodhart.Text.Chat.Library;

internal delegate object Filter(object value, Arguments arguments, Budget budget);

/// <summary>The filters by name.</summary>
internal static class Filters
{
    private static readonly FrozenDictionary<string, Filter> All = new[]
    {
        TextFilters.All, NumberFilters.All, ItemFilters.All, ChoosingFilters.All, OrderFilters.All,
    }.SelectMany(table => table).ToFrozenDictionary(StringComparer.Ordinal);

    public static Filter? Find(string name) => All.GetValueOrDefault(name);

    public static Filter Get(string name) => Find(name)
        ?? throw TemplateFault.Of(
            FaultKind.Syntax, $"no filter is named '{name}'; known: {string.Join(", ", All.Keys.Order(StringComparer.Ordinal))}");
}
