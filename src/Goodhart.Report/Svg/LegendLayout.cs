using Goodhart.Report.Charts;
using Goodhart.Report.Drawing;

namespace Goodhart.Report.Svg;

/// <summary>Breaks a legend into lines that fit the figure's width.</summary>
internal static class LegendLayout
{
    public const double TextOffset = 6;
    private const double Gap = 18;

    /// <returns>Lines of entries, each with the x of its left edge.</returns>
    public static IReadOnlyList<IReadOnlyList<(LegendEntry Entry, double X)>> Arrange(IReadOnlyList<LegendEntry> entries, double width)
    {
        List<List<(LegendEntry, double)>> lines = new List<List<(LegendEntry, double)>>();
        double x = double.PositiveInfinity;
        foreach (LegendEntry entry in entries)
        {
            double wide = entry.Sample.SampleWidth + TextOffset + RichText.Width(entry.Label, FigureLayout.FontSize);
            if (x + wide > width)
            {
                lines.Add([]);
                x = 0;
            }

            lines[^1].Add((entry, FigureLayout.Left + x));
            x += wide + Gap;
        }

        return lines;
    }
}
