using System.Xml.Linq;
using Goodhart.Report.Drawing;

namespace Goodhart.Report.Charts;

/// <summary>How far repetitions reach from their mean, both ways: pale crosses without caps, so that nobody takes them for error
/// bars.</summary>
public sealed record RangeMark(Ink Ink, IReadOnlyList<ChartRange> Ranges) : Mark(Ink)
{
    internal override IEnumerable<double> Numbers => Ranges.SelectMany(r => new[] { r.X, r.Y, r.Left, r.Right, r.Low, r.High });

    internal override double SampleWidth => 16;

    internal override IEnumerable<XElement> Draw(Canvas canvas)
    {
        if (Ranges.Count > 0)
        {
            PathText path = new PathText();
            foreach (ChartRange range in Ranges)
            {
                Cross(
                    path,
                    canvas.X(range.X),
                    canvas.Y(range.Y),
                    (canvas.X(range.Left), canvas.X(range.Right)),
                    (canvas.Y(range.Low), canvas.Y(range.High)));
            }

            yield return Lines(path);
        }
    }

    internal override IEnumerable<XElement> DrawSample()
    {
        PathText path = new PathText();
        Cross(path, 0, 0, (-8, 8), (-5, 5));
        yield return Lines(path);
    }

    private static void Cross(PathText path, double x, double y, (double Left, double Right) across, (double Low, double High) up) =>
        path.Move(across.Left, y).Horizontal(across.Right).Move(x, up.Low).Vertical(up.High);

    private static XElement Lines(PathText path) => SvgElement.Path(
        path, ("fill", "none"), ("stroke", "currentColor"), ("stroke-width", "1.4"), ("stroke-opacity", "0.45"));
}

/// <summary>A mean and the ends of its repetitions, in the units of the axes.</summary>
public readonly record struct ChartRange(double X, double Y, double Left, double Right, double Low, double High);
