using System.Xml.Linq;
using Goodhart.Report.Drawing;

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
        PathText bars = new PathText();
        foreach (ChartPoint point in Points.Where(p => p.Low is not null && p.High is not null))
        {
            (double x, double low, double high) = (canvas.X(point.X), canvas.Y(point.Low!.Value), canvas.Y(point.High!.Value));
            bars.Move(x - Cap, low).Horizontal(x + Cap)
                .Move(x, low).Vertical(high)
                .Move(x - Cap, high).Horizontal(x + Cap);
        }

        if (bars.ToString().Length > 0)
        {
            yield return SvgElement.Path(
                bars, ("fill", "none"), ("stroke", "currentColor"), ("stroke-width", "1"), ("stroke-opacity", "0.65"));
        }

        if (Points.Count > 0)
        {
            yield return MarkerOutline.Group(
                Hollow, Points.Select(point => MarkerOutline.Draw(Shape, canvas.X(point.X), canvas.Y(point.Y), Radius, point.Note)));
        }
    }

    internal override IEnumerable<XElement> DrawSample()
    {
        yield return MarkerOutline.Group(Hollow, [MarkerOutline.Draw(Shape, 0, 0, Math.Max(Radius, 3), null)]);
    }
}
