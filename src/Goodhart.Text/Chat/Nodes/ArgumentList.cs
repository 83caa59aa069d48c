using Goodhart.Text.Chat.Safety;
using Goodhart.Text.Chat.Values;

namespace Goodhart.Text.Chat.Nodes;

/// <summary>The arguments of a call as they are written.</summary>
internal sealed record ArgumentList(
    IReadOnlyList<Expression> Positional, IReadOnlyList<(string Name, Expression Value)> Named, Expression? List, Expression? Map)
{
    public static ArgumentList Empty { get; } = new([], [], null, null);

    public Arguments Evaluate(Frame frame, MacroValue? caller)
    {
        if (Positional.Count == 0 && Named.Count == 0 && List is null && Map is null && caller is null)
        {
            return Arguments.Empty;
        }

        List<object> positional = [];
        List<KeyValuePair<string, object>> named = [];
        foreach (Expression argument in Positional)
        {
            positional.Add(argument.Evaluate(frame));
        }

        foreach ((string name, Expression value) in Named)
        {
            named.Add(new(name, value.Evaluate(frame)));
        }

        if (List is not null)
        {
            positional.AddRange(Kinds.ToList(List.Evaluate(frame), frame.Budget));
        }

        if (Map is not null)
        {
            object map = Map.Evaluate(frame);
            foreach ((object key, object value) in (
                map as MapValue ?? throw TemplateFault.Type($"** takes a map, {Kinds.Named(map)} found")).Entries)
            {
                named.Add(new(Kinds.Text(key) ?? throw TemplateFault.Type($"** takes a map of texts, {Kinds.Named(key)} found"), value));
            }
        }

        if (caller is not null)
        {
            named.Add(new("caller", caller));
        }

        return new(positional, named);
    }
}
