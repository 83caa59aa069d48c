using System.Globalization;

namespace Goodhart.Serve.Answers;

/// <summary>Numbers as the page needs them: six digits are more than it shows, and a third of the bytes.</summary>
internal static class Digits
{
    /// <summary>Null for what JSON has no number for.</summary>
    public static double? Of(double? value) => value is { } number && double.IsFinite(number)
        ? double.Parse(number.ToString("G6", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture)
        : null;
}
