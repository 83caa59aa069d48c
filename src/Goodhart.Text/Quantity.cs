using System.Globalization;

namespace Goodhart.Text;

/// <summary>A count and what is counted, for people: 1 row, 2 rows.</summary>
public static class Quantity
{
    /// <param name="plural">Where it is not the noun with an s.</param>
    /// <param name="format">Of the number.</param>
    public static string Of(long count, string noun, string? plural = null, string format = "D") =>
        $"{count.ToString(format, CultureInfo.InvariantCulture)} {Noun(count, noun, plural)}";

    /// <summary>The noun alone, in the number that the count asks for.</summary>
    public static string Noun(long count, string noun, string? plural = null) => count == 1 ? noun : plural ?? noun + "s";
}
