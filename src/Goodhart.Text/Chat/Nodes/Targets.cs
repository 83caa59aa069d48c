using Goodhart.Text.Chat.Safety;
using Goodhart.Text.Chat.Values;

namespace Goodhart.Text.Chat.Nodes;

/// <summary>What a value can be assigned to.</summary>
internal abstract class Target
{
    public abstract void Assign(object value, Frame frame);
}

internal sealed class NameTarget(string name) : Target
{
    public override void Assign(object value, Frame frame) => frame.Scope.Set(name, value);
}

/// <summary><c>a, b</c>.</summary>
internal sealed class TupleTarget(IReadOnlyList<Target> parts) : Target
{
    public override void Assign(object value, Frame frame)
    {
        List<object> items = Kinds.ToList(value, frame.Budget);
        if (items.Count != parts.Count)
        {
            throw TemplateFault.Value($"{parts.Count} values were expected, {items.Count} found");
        }

        for (int i = 0; i < items.Count; i++)
        {
            parts[i].Assign(items[i], frame);
        }
    }
}

/// <summary><c>box.name</c>, where box is a namespace: nothing else can be changed.</summary>
internal sealed class AttributeTarget(string owner, string name) : Target
{
    public override void Assign(object value, Frame frame)
    {
        if (!frame.Scope.TryFind(owner, out object? found) || found is not NamespaceValue names)
        {
            throw TemplateFault.Of(FaultKind.Security, $"'{owner}' is no namespace: only attributes of a namespace can be set");
        }

        names.Attributes.Set(name, value);
    }
}
