using System.Xml.Linq;
using Goodhart.Report.Charts;
using Goodhart.Report.Drawing;

namespace Goodhart.Report.Svg;

/// <summary>The words around the panels: column titles, row titles, axis labels. A label that all columns or rows share is drawn
/// once.</summary>
internal static class AxisTitles
{
    public static XElement Draw(Figure figure, FigureLayout layout) => FigureSvg.Group(
        Palette.Text, new XAttribute("fill", "currentColor"), Columns(figure, layout), Rows(figure, layout), Below(figure, layout),
            Beside(figure, layout));

    private static IEnumerable<XElement> Columns(Figure figure, FigureLayout layout) =>
        figure.Columns.Select((column, k) => (column.Title, X: layout.PanelLeft(k) + (layout.PanelWidth / 2)))
            .Where(c => c.Title.Length > 0)
            .Select(c => SvgElement.Label(c.Title, c.X, layout.FirstTop - 8, "middle", new XAttribute("font-weight", "600")));

    private static IEnumerable<XElement> Rows(Figure figure, FigureLayout layout)
    {
        double x = layout.PanelLeft(figure.Columns.Count - 1) + layout.PanelWidth + 11;
        return figure.Rows.Select((row, k) => (row.Title, Y: layout.PanelTop(k) + (layout.PanelHeight / 2)))
            .Where(r => r.Title.Length > 0)
            .Select(r => Turned(r.Title, x, r.Y, 90));
    }

    private static IEnumerable<XElement> Below(Figure figure, FigureLayout layout)
    {
        double y = layout.PanelTop(figure.Rows.Count - 1) + layout.PanelHeight + 37;
        double Centre(int column) => layout.PanelLeft(column) + (layout.PanelWidth / 2);
        return figure.Columns.All(c => c.X.Label == figure.Columns[0].X.Label)
            ? [SvgElement.Label(figure.Columns[0].X.Label, (Centre(0) + Centre(figure.Columns.Count - 1)) / 2, y, "middle")]
            : figure.Columns.Select((c, k) => SvgElement.Label(c.X.Label, Centre(k), y, "middle"));
    }

    private static IEnumerable<XElement> Beside(Figure figure, FigureLayout layout)
    {
        double Middle(int row) => layout.PanelTop(row) + (layout.PanelHeight / 2);
        return figure.Rows.All(r => r.Y.Label == figure.Rows[0].Y.Label)
            ? [Turned(figure.Rows[0].Y.Label, 18, (Middle(0) + Middle(figure.Rows.Count - 1)) / 2, -90)]
            : figure.Rows.Select((r, k) => Turned(r.Y.Label, 18, Middle(k), -90));
    }

    private static XElement Turned(string text, double x, double y, double degrees)
    {
        string transform = $"translate({PathText.Format(x)} {PathText.Format(y)}) rotate({PathText.Format(degrees)})";
        return SvgElement.Label(text, 0, 0, "middle", new XAttribute("transform", transform));
    }
}
