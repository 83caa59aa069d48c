namespace Goodhart.Text.Chat.Values;

/// <summary>The value none.</summary>
internal sealed class None
{
    private None()
    {
    }

    public static None Value { get; } = new();
}
