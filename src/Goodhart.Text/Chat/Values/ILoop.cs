namespace Goodhart.Text.Chat.Values;

/// <summary>The variable <c>loop</c> of a running for.</summary>
internal interface ILoop
{
    /// <summary>One of its properties, or null where it has none of that name.</summary>
    object? Find(string name);
}
