using System.Xml.Linq;
using Goodhart.Report.Drawing;

namespace Goodhart.Report.Charts;

/// <summary>A horizontal dashed line across the panel: a value to compare with.</summary>
public sealed record LevelMark(Ink Ink, double Y, string? Note = null) : Mark(Ink)
{
    internal override IEnumerable<double> Numbers => [Y];

    internal override IEnumerable<XElement> Draw(Canvas canvas)
    {
        XElement line = Dashes(new PathText().Move(canvas.Left, canvas.Y(Y)).Horizontal(canvas.Right));
        if (Note is not null)
        {
            line.Add(SvgElement.Create("title", Note));
        }

        yield return line;
    }

    internal override IEnumerable<XElement> DrawSample()
    {
        yield return Dashes(new PathText().Move(-LegendWidth / 2, 0).Horizontal(LegendWidth / 2));
    }

    private static XElement Dashes(PathText path) =>
        SvgElement.Path(path, ("fill", "none"), ("stroke", "currentColor"), ("stroke-width", "1.1"), ("stroke-dasharray", "5 3"));
}
