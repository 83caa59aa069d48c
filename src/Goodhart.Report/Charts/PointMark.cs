using System.Xml.Linq;
using Goodhart.Report.Svg;

namespace Goodhart.Report.Charts;

/// <summary>Separate points, with capped error bars where the points have them.</summary>
/// <param name="Radius">In pixels.</param>
/// <param name="Hollow">Outline only: a lighter weight for points that are context.</param>
public sealed record PointMark(Ink Ink, MarkerShape Shape, double Radius, bool Hollow, IReadOnlyList<ChartPoint> Points) : Mark(Ink)
{
    private const double Cap = 2.5;

    internal override IEnumerable<double> Numbers => Points.SelectMany(p => new[] { p.X, p.Y, p.Low ?? p.Y, p.High ?? p.Y });

    internal override double SampleWidth => 10;

    internal override IEnumerable<XElement> Draw(Canvas canvas)
    {
        // All bars lie below all markers, so that a bar never hides a neighbour's value.
        foreach (var point in Points.Where(p => p.Low is not null && p.High is not null))
        {
            var (x, low, high) = (canvas.X(point.X), canvas.Y(point.Low!.Value), canvas.Y(point.High!.Value));
            var path = new PathText()
                .Move(x - Cap, low).Horizontal(x + Cap)
                .Move(x, low).Vertical(high)
                .Move(x - Cap, high).Horizontal(x + Cap);
            yield return SvgElement.Path(path, ("fill", "none"), ("stroke", "currentColor"), ("stroke-width", "1"),
                ("stroke-opacity", "0.65"));
        }

        foreach (var point in Points)
        {
            yield return MarkerOutline.Draw(Shape, canvas.X(point.X), canvas.Y(point.Y), Radius, Hollow, point.Note);
        }
    }

    internal override IEnumerable<XElement> DrawSample()
    {
        yield return MarkerOutline.Draw(Shape, 0, 0, Math.Max(Radius, 3), Hollow, null);
    }
}
