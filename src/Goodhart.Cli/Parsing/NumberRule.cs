using System.Globalization;
using System.Numerics;

namespace Goodhart.Cli.Parsing;

/// <summary>What a number must be, and how its text is read: the same on every machine, whatever its language.</summary>
/// <param name="Expected">In words, for messages.</param>
/// <param name="Example">For messages.</param>
/// <param name="Style">Never with marks between thousands.</param>
internal sealed record NumberRule<T>(string Expected, T Example, NumberStyles Style, Predicate<T> IsInRange)
    where T : struct, INumber<T>
{
    /// <returns>False for what is no such number, NaN, the infinities and what the type cannot hold.</returns>
    public bool TryRead(string text, out T value) =>
        T.TryParse(text, Style, CultureInfo.InvariantCulture, out value) && T.IsFinite(value) && IsInRange(value);

    public string Refusal(string option, string text)
    {
        string found = text.Trim().Length == 0 ? "an empty text" : text;
        string advice = text.Contains(',', StringComparison.Ordinal) ? "Decimals take a point, thousands no mark. " : "";
        return string.Create(
            CultureInfo.InvariantCulture, $"{option}: expected {Expected}, found {found}. {advice}Example: {option} {Example}");
    }
}

/// <summary>The ranges that options have.</summary>
internal static class NumberRule
{
    public static NumberRule<double> Above0(double example) => Real("a number > 0", example, x => x > 0);

    public static NumberRule<double> AtLeast0(double example) => Real("a number >= 0", example, x => x >= 0);

    public static NumberRule<double> Share(double example) => Real("a number from 0 to 1", example, x => x is >= 0 and <= 1);

    /// <summary>The ends are left out.</summary>
    public static NumberRule<double> Between(double low, double high, double example) =>
        Real(FormattableString.Invariant($"a number above {low} and below {high}"), example, x => x > low && x < high);

    public static NumberRule<double> Finite(double example) => Real("a finite number", example, _ => true);

    public static NumberRule<double> Dollars(double example) => Real("dollars >= 0", example, x => x >= 0);

    public static NumberRule<int> Whole(int least, int example) =>
        new(FormattableString.Invariant($"a whole number >= {least}"), example, NumberStyles.AllowLeadingSign, x => x >= least);

    public static NumberRule<int> Whole(int least, int most, int example) => new(
        FormattableString.Invariant($"a whole number from {least} to {most}"), example, NumberStyles.AllowLeadingSign, x => x >= least
            && x <= most);

    public static NumberRule<ulong> Seed { get; } = new("a whole number from 0 to 18446744073709551615", 1, NumberStyles.None, _ => true);

    private static NumberRule<double> Real(string expected, double example, Predicate<double> isInRange) =>
        new(expected, example, NumberStyles.Float, isInRange);
}
