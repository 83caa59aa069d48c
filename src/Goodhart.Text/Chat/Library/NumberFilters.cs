using System.Globalization;
using Goodhart.Text.Chat.Safety;
using Goodhart.Text.Chat.Values;

namespace Goodhart.Text.Chat.Library;

/// <summary>Filters that give numbers.</summary>
internal static class NumberFilters
{
    public static Dictionary<string, Filter> All { get; } = new(StringComparer.Ordinal)
    {
        ["length"] = (value, arguments, budget) => Length("length", value, arguments, budget),
        ["count"] = (value, arguments, budget) => Length("count", value, arguments, budget),
        ["abs"] = (value, arguments, _) =>
        {
            arguments.ExpectNone("abs");
            return value is double number ? Math.Abs(number) : Number.Integer(value) is < 0 ? Arithmetic.Negate(value, "-")
                : Arithmetic.Negate(value, "+");
        },
        ["int"] = (value, arguments, _) =>
        {
            object?[] given = arguments.Bind("int", 0, "default", "base");
            if (given[1] is not (null or 10L))
            {
                throw TemplateFault.Unsupported($"int: only base 10 is supported");
            }

            return Defined(value) is double number ? Truncated(number) ?? given[0] ?? 0L
                : Number.Integer(value) ?? Parsed(Kinds.Text(value)) ?? given[0] ?? 0L;
        },
        ["float"] = (value, arguments, _) =>
        {
            object? absent = arguments.Bind("float", 0, "default")[0];
            return Number.Is(Defined(value)) ? Number.Real(value) : Real(Kinds.Text(value)) ?? absent ?? 0.0;
        },
        ["round"] = (value, arguments, budget) =>
        {
            object?[] given = arguments.Bind("round", 0, "precision", "method");
            long digits = TextMethods.Whole(given[0], 0);
            return (given[1] is null ? "common" : Kinds.Text(given[1]!)) == "common"
                ? Round(value, digits)
                : throw TemplateFault.Unsupported($"round: only the method 'common' is supported");
        },
        ["sum"] = (value, arguments, budget) =>
        {
            object?[] given = arguments.Bind("sum", 0, "attribute", "start");
            object total = given[1] ?? 0L;
            foreach (object item in Kinds.Iterate(value, budget))
            {
                total = Operators.Apply("+", total, given[0] is null or None ? item : Lookup.Path(item, given[0]!, budget), budget);
            }

            return total;
        },
    };

    private static long Length(string name, object value, Arguments arguments, Budget budget)
    {
        arguments.ExpectNone(name);
        budget.Step(value is string text ? text.Length / 32 : 0);
        return Kinds.Length(value);
    }

    private static object Defined(object value) => value is Undefined missing ? throw missing.Fault() : value;

    private static long? Truncated(double number) => !double.IsFinite(number) ? null
        : Math.Abs(number) < 9.2e18 ? (long)number : throw Number.TooLarge();

    private static object? Parsed(string? text)
    {
        if (text is null)
        {
            return null;
        }

        string trimmed = WhiteSpace.Trim(text);
        bool isWhole = trimmed.Length > 0 && trimmed.TrimStart('+', '-') is { Length: > 0 } digits && digits.All(char.IsAsciiDigit)
            && trimmed.Length - digits.Length <= 1;
        return isWhole
            ? long.TryParse(trimmed, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long whole) ? whole
                : throw Number.TooLarge()
            : Real(text) is double number ? Truncated(number) : null;
    }

    private static object? Real(string? text)
    {
        string trimmed = text is null ? "" : WhiteSpace.Trim(text);
        return trimmed.TrimStart('+', '-').ToLowerInvariant() switch
        {
            "inf" or "infinity" => trimmed[0] == '-' ? double.NegativeInfinity : double.PositiveInfinity,
            "nan" => double.NaN,
            _ => double.TryParse(trimmed, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent,
                CultureInfo.InvariantCulture, out double number) ? number : null,
        };
    }

    private static object Round(object value, long digits) => value switch
    {
        double number => (object)Arithmetic.Round(number, digits),
        bool or long when digits >= 0 => Number.Integer(value)!.Value,
        Undefined missing => throw missing.Fault(),
        _ => throw TemplateFault.Type($"round takes a float or, to whole numbers, an integer; {Kinds.Named(value)} found"),
    };
}
