using Goodhart.Text.Chat.Safety;
using Goodhart.Text.Chat.Values;

namespace Goodhart.Text.Chat.Library;

/// <summary>The functions that every template may call.</summary>
internal static class Functions
{
    /// <param name="now">The clock of <c>strftime_now</c>; null: none is set.</param>
    public static MapValue All(DateTime? now)
    {
        MapValue all = new();
        Add("range", (arguments, budget) => Range(arguments));
        Add("namespace", (arguments, budget) => new NamespaceValue(Map("namespace", arguments, budget)));
        Add("dict", (arguments, budget) => Map("dict", arguments, budget));
        Add("raise_exception", (arguments, budget) =>
            throw new TemplateFault(FaultKind.Raised, Printed.Of(arguments.Bind("raise_exception", 1, "message")[0]!, budget)));
        Add("strftime_now", (arguments, budget) =>
        {
            string format = TextMethods.Text("strftime_now", arguments.Bind("strftime_now", 1, "format")[0]);
            return now is DateTime time ? Strftime.Format(time, format, budget) : throw TemplateFault.Value(
                $"the template asks for the date, and its prompts would change from day to day: fix one with --chat-date YYYY-MM-DD");
        });
        foreach (string name in new[] { "cycler", "joiner", "lipsum" })
        {
            Add(name, (_, _) => throw TemplateFault.Unsupported($"the function {name} is not supported"));
        }

        return all;

        void Add(string name, Func<Arguments, Budget, object> body) => all.Set(name, new Function(name, body));
    }

    private static RangeValue Range(Arguments arguments)
    {
        if (arguments.Named.Count > 0 || arguments.Positional.Count is < 1 or > 3)
        {
            throw TemplateFault.Type($"range takes one to three integers");
        }

        long[] bounds = [.. arguments.Positional.Select(value =>
            Number.Integer(value) ?? throw TemplateFault.Type($"range takes integers, {Kinds.Named(value)} found"))];
        return bounds.Length == 1 ? new RangeValue(0, bounds[0], 1) : new RangeValue(
            bounds[0], bounds[1], bounds.Length > 2 ? bounds[2] : 1);
    }

    /// <summary>From another map or from pairs, then from named arguments.</summary>
    private static MapValue Map(string function, Arguments arguments, Budget budget)
    {
        MapValue map = new();
        if (arguments.Positional.Count > 1)
        {
            throw TemplateFault.Type($"{function} takes at most one argument without a name, {arguments.Positional.Count} found");
        }

        object? source = arguments.Positional.Count == 1 ? arguments.Positional[0] : null;
        foreach (object item in source switch
        {
            null => [],
            MapValue other => MapMethods.Pairs(other),
            NamespaceValue other => MapMethods.Pairs(other.Attributes),
            _ => Kinds.ToList(source, budget),
        })
        {
            List<object> pair = Kinds.ToList(item, budget);
            map.Set(pair.Count == 2 ? pair[0] : throw TemplateFault.Value($"{function}: a pair was expected, {pair.Count} items found"),
                pair[1]);
        }

        foreach ((string name, object value) in arguments.Named)
        {
            map.Set(name, value);
        }

        return map;
    }
}
