namespace Goodhart.Text.Chat.Values;

/// <summary>The one thing that a template can change; it lives as long as one render.</summary>
internal sealed class NamespaceValue(MapValue attributes)
{
    public MapValue Attributes { get; } = attributes;
}
