using Goodhart.Text.Chat.Safety;

namespace Goodhart.Text.Chat.Values;

/// <summary>What a missing name, key or element gives: empty and false, but an error as soon as anything is asked of it.</summary>
internal sealed class Undefined(string reason, FaultKind kind = FaultKind.Undefined)
{
    public TemplateFault Fault() => new(kind, reason);

    public static Undefined Attribute(object owner, string name) =>
        name.StartsWith("__", StringComparison.Ordinal)
            ? new($"access to '{name}' of {Kinds.Named(owner)} is not allowed", FaultKind.Security)
            : new($"{Kinds.Named(owner)} has no attribute or key '{(name.Length <= 100 ? name : name[..100] + "…")}'");
}
