using System.Text;
using Goodhart.Report.Charts;

namespace Goodhart.Report.Html;

/// <summary>The page's style: the palette as CSS variables (light, and dark on a screen that asks for it), then report.css.</summary>
public static class Stylesheet
{
    /// <summary>The palette alone: a variable and a class of each ink's name.</summary>
    public static string Inks { get; } = Palettes();

    internal static string Text { get; } = Inks + Embedded();

    private static string Palettes()
    {
        StringBuilder text = new StringBuilder(":root {");
        AppendVariables(text, ink => ink.Light);
        text.Append("}\n@media screen and (prefers-color-scheme: dark) { :root {");
        AppendVariables(text, ink => ink.Dark);
        text.Append("} }\n");
        foreach (Ink ink in Palette.All)
        {
            text.Append('.').Append(ink.Name).Append(" { color: var(--").Append(ink.Name).Append("); }\n");
        }

        return text.ToString();
    }

    private static void AppendVariables(StringBuilder text, Func<Ink, string> colour)
    {
        foreach (Ink ink in Palette.All)
        {
            text.Append(" --").Append(ink.Name).Append(": ").Append(colour(ink)).Append(';');
        }
    }

    private static string Embedded()
    {
        using Stream stream = typeof(Stylesheet).Assembly.GetManifestResourceStream("report.css")!;
        using StreamReader reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd().Replace("\r\n", "\n", StringComparison.Ordinal);
    }
}
