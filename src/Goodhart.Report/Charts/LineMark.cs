using System.Xml.Linq;
using Goodhart.Report.Svg;

namespace Goodhart.Report.Charts;

/// <summary>Points joined by a line, in the given order.</summary>
/// <param name="Shape">The points' markers; null for a bare line.</param>
public sealed record LineMark(Ink Ink, MarkerShape? Shape, IReadOnlyList<ChartPoint> Points) : Mark(Ink)
{
    private const double Radius = 2.6;

    internal override IEnumerable<double> Numbers => Points.SelectMany(p => new[] { p.X, p.Y });

    internal override IEnumerable<XElement> Draw(Canvas canvas)
    {
        if (Points.Count > 1)
        {
            yield return Line(new PathText().Through(Points.Select(p => (canvas.X(p.X), canvas.Y(p.Y)))));
        }

        foreach (var point in Shape is null && Points.Count > 1 ? [] : Points)
        {
            yield return MarkerOutline.Draw(Shape ?? MarkerShape.Circle, canvas.X(point.X), canvas.Y(point.Y), Radius, false, point.Note);
        }
    }

    internal override IEnumerable<XElement> DrawSample()
    {
        yield return Line(new PathText().Move(-LegendWidth / 2, 0).Horizontal(LegendWidth / 2));
        if (Shape is { } shape)
        {
            yield return MarkerOutline.Draw(shape, 0, 0, Radius + 0.4, false, null);
        }
    }

    private static XElement Line(PathText path) => SvgElement.Path(
        path, ("fill", "none"), ("stroke", "currentColor"), ("stroke-width", "1.5"), ("stroke-linejoin", "round"),
            ("stroke-linecap", "round"));
}
