using System.Xml.Linq;
using Goodhart.Report.Charts;
using Goodhart.Report.Drawing;

namespace Goodhart.Report.Svg;

internal static class LegendSvg
{
    public static IEnumerable<XElement> Draw(FigureLayout layout)
    {
        for (int row = 0; row < layout.LegendRows.Count; row++)
        {
            foreach ((LegendEntry? entry, double x) in layout.LegendRows[row])
            {
                yield return DrawEntry(entry, x, FigureLayout.LegendBaseline(row));
            }
        }
    }

    private static XElement DrawEntry(LegendEntry entry, double x, double baseline)
    {
        string centre = $"translate({PathText.Format(x + (entry.Sample.SampleWidth / 2))} {PathText.Format(baseline - 4)})";
        XElement sample = FigureSvg.Group(entry.Sample.Ink, new XAttribute("transform", centre), entry.Sample.DrawSample());
        XElement text = FigureSvg.Group(
            Palette.Text, SvgElement.Label(entry.Label, x + entry.Sample.SampleWidth + LegendLayout.TextOffset, baseline, "start",
                new XAttribute("fill", "currentColor")));
        return SvgElement.Create("g", sample, text);
    }
}
