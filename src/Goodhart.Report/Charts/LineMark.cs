using System.Xml.Linq;
using Goodhart.Report.Drawing;

namespace Goodhart.Report.Charts;

/// <summary>Points joined by a line, in the given order.</summary>
/// <param name="Shape">The points' markers; null for a bare line.</param>
public sealed record LineMark(Ink Ink, MarkerShape? Shape, IReadOnlyList<ChartPoint> Points) : Mark(Ink)
{
    private const double Radius = 2.6;

    public LineDash Dash { get; init; }

    internal override IEnumerable<double> Numbers => Points.SelectMany(p => new[] { p.X, p.Y });

    internal override IEnumerable<XElement> Draw(Canvas canvas)
    {
        if (Points.Count > 1)
        {
            yield return Line(new PathText().Through(Points.Select(p => (canvas.X(p.X), canvas.Y(p.Y)))));
        }

        if ((Shape is not null && Points.Count > 0) || Points.Count == 1)
        {
            yield return MarkerOutline.Group(
                hollow: false, Points.Select(
                    point => MarkerOutline.Draw(Shape ?? MarkerShape.Circle, canvas.X(point.X), canvas.Y(point.Y), Radius, point.Note)));
        }
    }

    internal override IEnumerable<XElement> DrawSample()
    {
        yield return Line(new PathText().Move(-LegendWidth / 2, 0).Horizontal(LegendWidth / 2));
        if (Shape is { } shape)
        {
            yield return MarkerOutline.Group(hollow: false, [MarkerOutline.Draw(shape, 0, 0, Radius + 0.4, null)]);
        }
    }

    private XElement Line(PathText path)
    {
        XElement line = SvgElement.Path(
            path, ("fill", "none"), ("stroke", "currentColor"), ("stroke-width", "1.5"), ("stroke-linejoin", "round"),
                ("stroke-linecap", Dash == LineDash.Solid ? "round" : "butt"));
        if (Dash != LineDash.Solid)
        {
            line.Add(new XAttribute("stroke-dasharray", Dash == LineDash.Dashed ? "5 2.5" : "7 2.5 1.5 2.5"));
        }

        return line;
    }
}
