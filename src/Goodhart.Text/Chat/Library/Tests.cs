using System.Collections.Frozen;
using System.Globalization;
using Goodhart.Text.Chat.Safety;
using Goodhart.Text.Chat.Values;

namespace Goodhart.Text.Chat.Library;

internal delegate bool Test(object value, Arguments arguments, Budget budget);

/// <summary>The tests behind <c>is</c>, and of select and its kin.</summary>
internal static class Tests
{
    private static readonly FrozenDictionary<string, Test> All = new Dictionary<string, Test>(StringComparer.Ordinal)
    {
        ["defined"] = Plain("defined", value => value is not Undefined),
        ["undefined"] = Plain("undefined", value => value is Undefined),
        ["none"] = Plain("none", value => value is None),
        ["string"] = Plain("string", value => value is string or SafeText),
        ["mapping"] = Plain("mapping", value => value is MapValue),
        ["iterable"] = Plain("iterable", Kinds.IsIterable),
        ["sequence"] = Plain("sequence", value => value is string or SafeText or ListValue or MapValue or RangeValue or Undefined),
        ["number"] = Plain("number", Number.Is),
        ["integer"] = Plain("integer", value => value is long),
        ["float"] = Plain("float", value => value is double),
        ["boolean"] = Plain("boolean", value => value is bool),
        ["true"] = Plain("true", value => value is true),
        ["false"] = Plain("false", value => value is false),
        ["callable"] = Plain("callable", value => value is ICallable or Undefined),
        ["odd"] = (value, arguments, budget) => Rest("odd", arguments, 0) is null && Modulo(value, 2L, budget) == 1,
        ["even"] = (value, arguments, budget) => Rest("even", arguments, 0) is null && Modulo(value, 2L, budget) == 0,
        ["divisibleby"] = (value, arguments, budget) => Modulo(value, Rest("divisibleby", arguments, 1)!, budget) == 0,
        ["lower"] = Cased("lower", UnicodeCategory.UppercaseLetter),
        ["upper"] = Cased("upper", UnicodeCategory.LowercaseLetter),
        ["sameas"] = (value, arguments, _) => IsSame(value, Rest("sameas", arguments, 1)!),
        ["in"] = (value, arguments, budget) => Operators.Compare("in", value, Rest("in", arguments, 1)!, budget),
        ["eq"] = Comparing("=="),
        ["equalto"] = Comparing("=="),
        ["=="] = Comparing("=="),
        ["ne"] = Comparing("!="),
        ["!="] = Comparing("!="),
        ["lt"] = Comparing("<"),
        ["lessthan"] = Comparing("<"),
        ["<"] = Comparing("<"),
        ["le"] = Comparing("<="),
        ["<="] = Comparing("<="),
        ["gt"] = Comparing(">"),
        ["greaterthan"] = Comparing(">"),
        [">"] = Comparing(">"),
        ["ge"] = Comparing(">="),
        [">="] = Comparing(">="),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    public static Test? Find(string name) => All.GetValueOrDefault(name);

    public static Test Get(string name) => Find(name)
        ?? throw TemplateFault.Of(
            FaultKind.Syntax, $"no test is named '{name}'; known: {string.Join(", ", All.Keys.Order(StringComparer.Ordinal))}");

    private static Test Plain(string name, Func<object, bool> holds) => (value, arguments, _) =>
    {
        arguments.ExpectNone(name);
        return holds(value);
    };

    private static Test Comparing(string sign) => (value, arguments, budget) =>
        Operators.Compare(sign, value, Rest(sign, arguments, 1)!, budget);

    private static object? Rest(string name, Arguments arguments, int required)
    {
        object?[] given = required == 0 ? arguments.Bind(name, 0) : arguments.Bind(name, 1, "other");
        return given.Length == 0 ? null : given[0];
    }

    private static double Modulo(object value, object divisor, Budget budget) => Number.Real(Operators.Apply("%", value, divisor, budget));

    /// <summary>A text that has letters with two cases, and none in the wrong one.</summary>
    private static Test Cased(string name, UnicodeCategory wrong) => (value, arguments, budget) =>
    {
        arguments.ExpectNone(name);
        bool any = false;
        foreach (System.Text.Rune rune in Printed.Of(value, budget).EnumerateRunes())
        {
            budget.Step();
            UnicodeCategory category = System.Text.Rune.GetUnicodeCategory(rune);
            if (category == wrong || category == UnicodeCategory.TitlecaseLetter)
            {
                return false;
            }

            any |= category is UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter;
        }

        return any;
    };

    private static bool IsSame(object left, object right) => left.GetType() == right.GetType() && left switch
    {
        string or bool or long or double or None => left.Equals(right),
        _ => ReferenceEquals(left, right),
    };
}
