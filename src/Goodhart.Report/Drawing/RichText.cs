using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Goodhart.Report.Drawing;

/// <summary>Turns <c>π_{ref}</c> and <c>10^{5}</c> into SVG text with subscripts and superscripts.</summary>
/// <remarks>Shifts by <c>dy</c>, which every viewer knows; <c>baseline-shift</c> is ignored by some.</remarks>
internal static partial class RichText
{
    public static IEnumerable<XNode> Parse(string label)
    {
        double back = 0.0;
        foreach (Match part in Parts().Matches(label))
        {
            Group script = part.Groups["script"];
            if (!script.Success)
            {
                yield return back == 0 ? new XText(part.Value) : Shifted(part.Value, back, null);
                back = 0;
                continue;
            }

            double shift = part.Value[0] == '_' ? 3.0 : -4.5;
            yield return Shifted(script.Value, shift + back, "0.78em");
            back = -shift;
        }
    }

    /// <summary>The label as one line of plain text, for places that cannot set scripts.</summary>
    public static string Plain(string label) =>
        Parts().Replace(label, m => m.Groups["script"].Success ? m.Groups["script"].Value : m.Value);

    /// <summary>An estimate of the drawn width in pixels, good enough to place a legend without measuring fonts.</summary>
    public static double Width(string label, double fontSize) =>
        Plain(label).Sum(c =>
            "ilj.,:;'|!()[] ".Contains(c, StringComparison.Ordinal) ? 0.36 : char.IsUpper(c) || c is 'm' or 'w' ? 0.76 : 0.61) * fontSize;

    private static XElement Shifted(string text, double dy, string? size) =>
        SvgElement.Create("tspan", SvgElement.Number("dy", dy), size is null ? null : new XAttribute("font-size", size), text);

    [GeneratedRegex(@"[_^]\{(?<script>[^}]*)\}|(?:(?![_^]\{).)+|[_^]", RegexOptions.Singleline)]
    private static partial Regex Parts();
}
