namespace Goodhart.Text.Chat.Values;

/// <summary>A list or a tuple; neither ever changes.</summary>
internal sealed class ListValue(IReadOnlyList<object> items, bool isTuple = false)
{
    public IReadOnlyList<object> Items { get; } = items;

    public bool IsTuple { get; } = isTuple;
}
