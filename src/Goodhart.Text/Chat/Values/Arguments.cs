using Goodhart.Text.Chat.Safety;

namespace Goodhart.Text.Chat.Values;

/// <summary>The arguments of a call.</summary>
internal sealed record Arguments(IReadOnlyList<object> Positional, IReadOnlyList<KeyValuePair<string, object>> Named)
{
    public static Arguments Empty { get; } = new([], []);

    /// <summary>Puts the arguments in the order of a function's parameters; null for those not given.</summary>
    /// <param name="required">How many of them must be given.</param>
    public object?[] Bind(string function, int required, params ReadOnlySpan<string> parameters)
    {
        if (Positional.Count > parameters.Length)
        {
            throw TemplateFault.Type($"{function} takes at most {parameters.Length} arguments, {Positional.Count} found");
        }

        object?[] bound = new object?[parameters.Length];
        for (int i = 0; i < Positional.Count; i++)
        {
            bound[i] = Positional[i];
        }

        foreach ((string name, object value) in Named)
        {
            int index = parameters.IndexOf(name);
            if (index < 0)
            {
                throw TemplateFault.Type($"{function} takes no argument '{name}'");
            }

            bound[index] = bound[index] is null ? value : throw TemplateFault.Type($"{function}: the argument '{name}' is given twice");
        }

        for (int i = 0; i < required; i++)
        {
            if (bound[i] is null)
            {
                throw TemplateFault.Type($"{function}: the argument '{parameters[i]}' is missing");
            }
        }

        return bound;
    }

    public void ExpectNone(string function) => Bind(function, 0);
}
