using System.Xml.Linq;
using Goodhart.Report.Drawing;

namespace Goodhart.Report.Charts;

/// <summary>A shaded span along x: a confidence band, or the spread over seeds.</summary>
public sealed record BandMark(Ink Ink, IReadOnlyList<ChartSpan> Spans) : Mark(Ink)
{
    internal override IEnumerable<double> Numbers => Spans.SelectMany(s => new[] { s.X, s.Low, s.High });

    internal override IEnumerable<XElement> Draw(Canvas canvas)
    {
        if (Spans.Count > 1)
        {
            IEnumerable<(double, double)> upper = Spans.Select(s => (canvas.X(s.X), canvas.Y(s.High)));
            IEnumerable<(double, double)> lower = Spans.Reverse().Select(s => (canvas.X(s.X), canvas.Y(s.Low)));
            yield return Area(new PathText().Through(upper.Concat(lower)).Close());
        }
    }

    internal override IEnumerable<XElement> DrawSample()
    {
        yield return Area(new PathText().Through([(-11, -5), (11, -5), (11, 5), (-11, 5)]).Close());
    }

    private static XElement Area(PathText path) =>
        SvgElement.Path(path, ("fill", "currentColor"), ("fill-opacity", "0.16"), ("stroke", "none"));
}
