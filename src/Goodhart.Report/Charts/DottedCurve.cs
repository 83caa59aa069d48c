using System.Xml.Linq;
using Goodhart.Report.Drawing;

namespace Goodhart.Report.Charts;

/// <summary>A fitted law: a dotted curve through densely spaced points.</summary>
public sealed record DottedCurve(Ink Ink, IReadOnlyList<ChartPoint> Points) : Mark(Ink)
{
    internal override IEnumerable<double> Numbers => Points.SelectMany(p => new[] { p.X, p.Y });

    internal override IEnumerable<XElement> Draw(Canvas canvas)
    {
        if (Points.Count > 1)
        {
            yield return Dots(new PathText().Through(Points.Select(p => (canvas.X(p.X), canvas.Y(p.Y)))));
        }
    }

    internal override IEnumerable<XElement> DrawSample()
    {
        yield return Dots(new PathText().Move(-LegendWidth / 2, 0).Horizontal(LegendWidth / 2));
    }

    // A dash of length 0.1 with round caps is a dot of the stroke's width.
    private static XElement Dots(PathText path) => SvgElement.Path(
        path, ("fill", "none"), ("stroke", "currentColor"), ("stroke-width", "1.9"), ("stroke-dasharray", "0.1 4"),
            ("stroke-linecap", "round"));
}
