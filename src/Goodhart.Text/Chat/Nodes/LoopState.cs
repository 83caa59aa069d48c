using Goodhart.Text.Chat.Safety;
using Goodhart.Text.Chat.Values;

namespace Goodhart.Text.Chat.Nodes;

/// <summary>The variable <c>loop</c>.</summary>
internal sealed record LoopState(IReadOnlyList<object> Items) : ILoop
{
    public int Index { get; init; }

    public object? Find(string name) => name switch
    {
        "index" => Index + 1L,
        "index0" => (long)Index,
        "revindex" => (long)(Items.Count - Index),
        "revindex0" => Items.Count - Index - 1L,
        "first" => Index == 0,
        "last" => Index == Items.Count - 1,
        "length" => (long)Items.Count,
        "depth" => 1L,
        "depth0" => 0L,
        "previtem" => Index > 0 ? Items[Index - 1] : new Undefined("there is no previous item"),
        "nextitem" => Index + 1 < Items.Count ? Items[Index + 1] : new Undefined("there is no next item"),
        "cycle" or "changed" => new Function(name, (_, _) => throw TemplateFault.Unsupported($"loop.{name} is not supported")),
        _ => null,
    };
}
