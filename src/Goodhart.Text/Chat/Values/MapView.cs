namespace Goodhart.Text.Chat.Values;

/// <summary>What <c>keys()</c>, <c>values()</c> and <c>items()</c> of a map give: iterable, but no sequence and no JSON.</summary>
/// <param name="Kind">keys, values or items.</param>
internal sealed record MapView(string Kind, IReadOnlyList<object> Items);
