using System.Diagnostics.CodeAnalysis;

namespace Goodhart.Text.Chat.Values;

/// <summary>A map in the order in which its keys came. It is filled once and never changes after.</summary>
internal sealed class MapValue
{
    private readonly OrderedDictionary<object, object> entries = new(KeyComparer.Instance);

    public int Count => entries.Count;

    public IReadOnlyList<object> Keys => entries.Keys;

    public IReadOnlyList<object> Values => entries.Values;

    public IEnumerable<KeyValuePair<object, object>> Entries => entries;

    /// <summary>For whoever builds the map only.</summary>
    public void Set(object key, object value) => entries[KeyComparer.Checked(key)] = value;

    public bool TryGet(object key, [MaybeNullWhen(false)] out object value) => entries.TryGetValue(KeyComparer.Checked(key), out value);

    public object Get(string key, object absent) => entries.TryGetValue(key, out object? value) ? value : absent;
}
