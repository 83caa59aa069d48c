using System.CommandLine;
using System.Globalization;

namespace Goodhart.Cli.Parsing;

/// <summary>Options that take a time, in ISO 8601.</summary>
/// <remarks>The library's own conversion follows the machine's language and its calendar.</remarks>
internal static class TimeOption
{
    private static readonly string[] Forms =
        [
            "yyyy-MM-dd",
            .. ((string[])["HH:mm", "HH:mm:ss", "HH:mm:ss'Z'"])
                .SelectMany(time => (string[])[$"yyyy-MM-dd'T'{time}", $"yyyy-MM-dd {time}"]),
        ];

    /// <summary>Null where it is not given.</summary>
    public static Option<DateTime?> OrNone(string name, string what) => new(name)
    {
        Description = what,
        HelpName = "TIME",
        CustomParser = result =>
        {
            string text = result.Tokens is [{ Value: { } found }] ? found : "";
            if (DateTime.TryParseExact(text, Forms, CultureInfo.InvariantCulture, DateTimeStyles.None, out DateTime time))
            {
                return time;
            }

            result.AddError(
                $"{name}: expected a time as in ISO 8601, found {(text.Trim().Length == 0 ? "an empty text" : text)}. Example: {name} "
                    + "2026-07-26T12:30");
            return null;
        },
    };
}
