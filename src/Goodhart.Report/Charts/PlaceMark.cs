using System.Xml.Linq;
using Goodhart.Report.Drawing;

namespace Goodhart.Report.Charts;

/// <summary>
/// A place on the x axis with its interval, drawn along the panel's lower edge: a tick at the place, a bar over the interval.
/// </summary>
/// <param name="Row">0 at the edge; further places of one panel lie above each other.</param>
/// <param name="Low">Lower end of the interval.</param>
/// <param name="High">Upper end; null: it has none, and the bar goes on to the panel's edge.</param>
public sealed record PlaceMark(Ink Ink, int Row, double X, double Low, double? High, string? Note = null) : Mark(Ink)
{
    private const double FromEdge = 6;
    private const double RowHeight = 7;
    private const double HalfTick = 3.5;

    internal override IEnumerable<double> Numbers => [X, Low, High ?? X];

    internal override IEnumerable<XElement> Draw(Canvas canvas)
    {
        double y = canvas.Bottom - FromEdge - (Row * RowHeight);
        double right = High is { } high ? canvas.X(high) : canvas.Right;
        yield return Bar(canvas.X(X), y, canvas.X(Low), right, Note);
    }

    internal override IEnumerable<XElement> DrawSample()
    {
        yield return Bar(-2, 0, -LegendWidth / 2, LegendWidth / 2, null);
    }

    private static XElement Bar(double x, double y, double left, double right, string? note)
    {
        PathText path = new PathText().Move(left, y).Horizontal(right).Move(x, y - HalfTick).Vertical(y + HalfTick);
        XElement bar = SvgElement.Path(path, ("fill", "none"), ("stroke", "currentColor"), ("stroke-width", "1.6"));
        if (note is not null)
        {
            bar.Add(SvgElement.Create("title", note));
        }

        return bar;
    }
}
