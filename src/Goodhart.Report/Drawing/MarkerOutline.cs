using System.Xml.Linq;

namespace Goodhart.Report.Drawing;

/// <summary>Draws a marker; the shapes have about the same area at the same radius.</summary>
internal static class MarkerOutline
{
    public static XElement Draw(MarkerShape shape, double x, double y, double radius, string? note)
    {
        XElement element = shape == MarkerShape.Circle
            ? SvgElement.Create("circle", SvgElement.Number("cx", x), SvgElement.Number("cy", y), SvgElement.Number("r", radius))
            : SvgElement.Path(new PathText().Through(Corners(shape, radius).Select(c => (x + c.X, y + c.Y))).Close());
        if (note is not null)
        {
            element.Add(SvgElement.Create("title", note));
        }

        return element;
    }

    /// <summary>Markers of one look; the look stands once.</summary>
    public static XElement Group(bool hollow, IEnumerable<XElement> markers) => hollow
        ? SvgElement.Create(
            "g", new XAttribute("fill", "currentColor"), new XAttribute("fill-opacity", "0.18"), new XAttribute("stroke", "currentColor"),
            markers)
        : SvgElement.Create("g", new XAttribute("fill", "currentColor"), markers);

    private static IEnumerable<(double X, double Y)> Corners(MarkerShape shape, double r) => shape switch
    {
        MarkerShape.Square => Polygon(4, 1.25 * r, 45),
        MarkerShape.Triangle => Polygon(3, 1.4 * r, -90),
        MarkerShape.Diamond => Polygon(4, 1.35 * r, -90),
        MarkerShape.TriangleDown => Polygon(3, 1.4 * r, 90),
        MarkerShape.Pentagon => Polygon(5, 1.2 * r, -90),
        MarkerShape.Star => Spikes(5, 1.75 * r, 0.75 * r),
        MarkerShape.Cross => Spikes(4, 1.6 * r, 0.6 * r),
        _ => throw new ArgumentOutOfRangeException(nameof(shape), shape, "Expected a marker shape with corners."),
    };

    private static IEnumerable<(double X, double Y)> Polygon(int corners, double r, double firstDegrees) =>
        Enumerable.Range(0, corners).Select(k => Turn(r, firstDegrees + (360.0 * k / corners)));

    private static IEnumerable<(double X, double Y)> Spikes(int spikes, double outer, double inner) =>
        Enumerable.Range(0, 2 * spikes).Select(k => Turn(k % 2 == 0 ? outer : inner, -90 + (180.0 * k / spikes)));

    private static (double X, double Y) Turn(double r, double degrees) =>
        (r * Math.Cos(degrees * Math.PI / 180), r * Math.Sin(degrees * Math.PI / 180));
}
