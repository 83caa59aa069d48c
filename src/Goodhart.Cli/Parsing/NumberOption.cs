using System.CommandLine;
using System.CommandLine.Parsing;
using System.Numerics;

namespace Goodhart.Cli.Parsing;

/// <summary>Options that take a number in a range.</summary>
/// <remarks>They read their text themselves: the library's own conversion follows the machine's language.</remarks>
internal static class NumberOption
{
    public static Option<double> Above0(string name, double standard, string what) => Of(name, NumberRule.Above0(standard), standard, what);

    public static Option<double?> Above0OrNone(string name, string what) => OrNone(name, NumberRule.Above0(0.1), what);

    public static Option<double?> FiniteOrNone(string name, string what) => OrNone(name, NumberRule.Finite(-1), what);

    public static Option<double> AtLeast0(string name, double standard, string what) =>
        Of(name, NumberRule.AtLeast0(standard), standard, what);

    public static Option<int> Whole(string name, int least, int standard, string what) =>
        Of(name, NumberRule.Whole(least, Math.Max(standard, Math.Max(least, 1))), standard, what);

    public static Option<int?> WholeOrNone(string name, int least, string what) =>
        OrNone(name, NumberRule.Whole(least, Math.Max(least, 100)), what);

    public static Option<T> Of<T>(string name, NumberRule<T> rule, T standard, string what)
        where T : struct, INumber<T>
    {
        Option<T> option = Required(name, rule, what);
        (option.Required, option.DefaultValueFactory) = (false, _ => standard);
        return option;
    }

    /// <summary>One that has to be given.</summary>
    public static Option<T> Required<T>(string name, NumberRule<T> rule, string what)
        where T : struct, INumber<T> =>
        new(name) { Description = what, Required = true, CustomParser = result => Read(result, name, rule) ?? default };

    /// <summary>Null where it is not given.</summary>
    public static Option<T?> OrNone<T>(string name, NumberRule<T> rule, string what)
        where T : struct, INumber<T> =>
        new(name) { Description = what, CustomParser = result => Read(result, name, rule) };

    private static T? Read<T>(ArgumentResult result, string name, NumberRule<T> rule)
        where T : struct, INumber<T>
    {
        string text = result.Tokens is [{ Value: { } found }] ? found : "";
        if (rule.TryRead(text, out T value))
        {
            return value;
        }

        result.AddError(rule.Refusal(name, text));
        return null;
    }
}
