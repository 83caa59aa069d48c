using System.Globalization;
using System.Text.RegularExpressions;

namespace Goodhart.Alignment.Remedies;

/// <summary>
/// Remedies as a command line or a study file writes them: NAME or NAME:PARAMETER=VALUE,...; several of them joined by '+'.
/// </summary>
public static partial class RemedySyntax
{
    /// <summary>Stands between a loss and its remedies, as in <c>dpo+is-daa</c>.</summary>
    public const char Join = '+';

    private const string Example = "is-daa:epsilon=0.5";

    /// <param name="place">The option whose value the text is, for messages; null: whoever asks tells the place.</param>
    /// <exception cref="ArgumentException">No such remedy or parameter, a value out of its range, or a text of another form.</exception>
    public static Remedy Read(string text, string? place)
    {
        string lead = place is null ? "" : $"{place}: ";
        string[] parts = text.Split(':', 2, StringSplitOptions.TrimEntries);
        string[] entries = parts.Length == 1
            ? []
            : parts[1].Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        Dictionary<string, double> values = [];
        foreach (string entry in entries)
        {
            string[] pair = entry.Split('=', StringSplitOptions.TrimEntries);
            if (pair.Length != 2
                || !double.TryParse(pair[1], NumberStyles.Float, CultureInfo.InvariantCulture, out double value) || !double.IsFinite(value))
            {
                throw new ArgumentException(
                    $"{lead}expected NAME:PARAMETER=VALUE with a number, found {entry} in '{text}'. Example: "
                        + (place is null ? Example : $"{place} {Example}"));
            }

            if (!values.TryAdd(pair[0], value))
            {
                throw new ArgumentException($"{lead}expected each parameter once, found {pair[0]} twice in '{text}'.");
            }
        }

        return RemedyCatalogue.Find(parts[0]).Create(values);
    }

    /// <summary>Several, as in <c>wpo+tr-dpo:alpha=0.6,every=100</c>.</summary>
    /// <inheritdoc cref="Read"/>
    public static IReadOnlyList<Remedy> ReadAll(string text) =>
        [.. BetweenRemedies().Split(text).Select(one => Read(one.Trim(), place: null))];

    /// <summary>A plus before a name: that of 1e+3 is before a digit.</summary>
    [GeneratedRegex(@"\+(?=\s*[A-Za-z])")]
    private static partial Regex BetweenRemedies();
}
