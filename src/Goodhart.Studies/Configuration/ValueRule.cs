using System.Globalization;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Goodhart.Studies.Configuration;

/// <summary>What one YAML scalar must be.</summary>
/// <param name="Expected">In words, for messages.</param>
/// <param name="TryRead">False where the scalar is something else.</param>
/// <param name="Names">The values there are, where they can be listed.</param>
internal sealed record ValueRule<T>(string Expected, ValueRule.Reader<T> TryRead, IReadOnlyList<string>? Names = null);

/// <summary>The kinds of values in a study file.</summary>
internal static class ValueRule
{
    public delegate bool Reader<T>(YamlScalarNode scalar, out T value);

    public static ValueRule<string> AnyText { get; } = new("a text", (YamlScalarNode scalar, out string value) =>
    {
        value = scalar.Value ?? "";
        return value.Length > 0;
    });

    /// <summary>Safe in file names, labels and groups like <c>dpo/M</c>.</summary>
    public static ValueRule<string> Name { get; } = new(
        "a name of letters, digits, '.', '-' and '_'",
        (YamlScalarNode scalar, out string value) =>
        {
            value = scalar.Value ?? "";
            return value.Length > 0
                && char.IsAsciiLetterOrDigit(value[0])
                && value.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_');
        });

    public static ValueRule<ulong> Seed { get; } = new("a whole number >= 0", (YamlScalarNode scalar, out ulong value) =>
    {
        value = 0;
        return IsPlain(scalar) && ulong.TryParse(scalar.Value, NumberStyles.None, CultureInfo.InvariantCulture, out value);
    });

    public static ValueRule<bool> Flag { get; } = new("true or false", (YamlScalarNode scalar, out bool value) =>
    {
        value = scalar.Value == "true";
        return IsPlain(scalar) && scalar.Value is "true" or "false";
    });

    public static ValueRule<double> AnyNumber { get; } = Number("a number", _ => true);

    public static ValueRule<double> AboveZero { get; } = Number("a number > 0", x => x > 0);

    public static ValueRule<double> AtLeastZero { get; } = Number("a number >= 0", x => x >= 0);

    public static ValueRule<double> BelowOne { get; } = Number("a number in [0, 1)", x => x is >= 0 and < 1);

    public static ValueRule<double> FromZeroToOne { get; } = Number("a number in [0, 1]", x => x is >= 0 and <= 1);

    public static ValueRule<double> Fraction { get; } = Number("a fraction of the epoch in (0, 1]", x => x is > 0 and <= 1);

    public static ValueRule<int> Whole(int min) => new($"a whole number >= {min}", (YamlScalarNode scalar, out int value) =>
    {
        value = 0;
        return IsPlain(scalar)
            && int.TryParse(scalar.Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value)
            && value >= min;
    });

    public static ValueRule<string> OneOf(IReadOnlyList<string> names) => new(
        names.Count == 1 ? names[0] : $"one of {string.Join(", ", names)}",
        (YamlScalarNode scalar, out string value) =>
        {
            value = scalar.Value ?? "";
            return names.Contains(value);
        },
        names);

    private static ValueRule<double> Number(string expected, Predicate<double> isInRange) => new(
        expected,
        (YamlScalarNode scalar, out double value) =>
        {
            value = 0;
            return IsPlain(scalar)
                && double.TryParse(scalar.Value, NumberStyles.Float, CultureInfo.InvariantCulture, out value)
                && double.IsFinite(value)
                && isInRange(value);
        });

    /// <summary>A quoted scalar is a text, whatever it looks like.</summary>
    private static bool IsPlain(YamlScalarNode scalar) => scalar.Style is ScalarStyle.Plain or ScalarStyle.Any;
}
