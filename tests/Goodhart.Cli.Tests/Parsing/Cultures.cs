using System.Globalization;
using Xunit;

namespace Goodhart.Cli.Tests.Parsing;

/// <summary>Languages whose numbers are written otherwise than ours: decimal commas, points, spaces and letters between thousands, other
/// minus signs.</summary>
internal static class Cultures
{
    public static IReadOnlyList<string> All { get; } = ["de-DE", "es-ES", "fr-FR", "sv-SE", "pl-PL", "ar-EG", "fa-IR", "tr-TR"];

    /// <summary>Without the system's table of languages every one of them would be ours, and these tests would say nothing.</summary>
    public static void RequireLanguages() => Assert.Equal("0,5", 0.5.ToString(new CultureInfo("de-DE")));

    public static T In<T>(string culture, Func<T> read)
    {
        CultureInfo before = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = new CultureInfo(culture);
        try
        {
            return read();
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }
}
