using Goodhart.Text.Chat.Safety;
using Goodhart.Text.Chat.Values;

namespace Goodhart.Text.Chat.Nodes;

/// <summary>A macro, or the body of a call block, with the names that it sees.</summary>
internal sealed class MacroValue(MacroDefinition definition, Frame home) : ICallable
{
    public string Name => definition.Name;

    public object Call(Arguments arguments, Budget budget)
    {
        budget.EnterCall();
        budget.Step(20);
        Frame frame = home.Captured();
        List<KeyValuePair<string, object>> named = [.. arguments.Named];
        object? caller = definition.UsesCaller ? Take(named, "caller") : null;
        Bind(arguments.Positional, named, frame);
        if (definition.UsesCaller)
        {
            frame.Scope.Set("caller", caller ?? new Undefined("no caller is defined: the macro was not called by a call block"));
        }

        Surplus(arguments.Positional, named, frame);
        definition.Body.Execute(frame);
        budget.LeaveCall();
        return frame.Output.ToString();
    }

    private void Bind(IReadOnlyList<object> positional, List<KeyValuePair<string, object>> named, Frame frame)
    {
        List<(string Name, Expression Default)> late = [];
        for (int i = 0; i < definition.Parameters.Count; i++)
        {
            (string name, Expression? absent) = definition.Parameters[i];
            object? given = i < positional.Count ? positional[i] : Take(named, name);
            frame.Scope.Set(name, given ?? new Undefined($"the parameter '{name}' was not provided"));
            if (given is null && absent is not null)
            {
                late.Add((name, absent));
            }
        }

        foreach ((string name, Expression absent) in late)
        {
            frame.Scope.Set(name, absent.Evaluate(frame));
        }
    }

    /// <summary>More arguments than parameters are an error unless the macro asks for them by <c>varargs</c> or <c>kwargs</c>.</summary>
    private void Surplus(IReadOnlyList<object> positional, List<KeyValuePair<string, object>> named, Frame frame)
    {
        int count = definition.Parameters.Count;
        if (definition.UsesNamed)
        {
            MapValue rest = new();
            named.ForEach(entry => rest.Set(entry.Key, entry.Value));
            frame.Scope.Set("kwargs", rest);
        }
        else if (named.Count > 0)
        {
            throw TemplateFault.Type($"the macro {Name} takes no argument '{named[0].Key}'");
        }

        if (definition.UsesPositional)
        {
            frame.Scope.Set("varargs", new ListValue([.. positional.Skip(count)], isTuple: true));
        }
        else if (positional.Count > count)
        {
            throw TemplateFault.Type($"the macro {Name} takes at most {count} arguments, {positional.Count} found");
        }
    }

    private static object? Take(List<KeyValuePair<string, object>> named, string name)
    {
        int index = named.FindIndex(entry => entry.Key == name);
        if (index < 0)
        {
            return null;
        }

        object value = named[index].Value;
        named.RemoveAt(index);
        return value;
    }
}
