using System.Xml.Linq;
using Goodhart.Report.Axes;
using Goodhart.Report.Charts;
using Goodhart.Report.Drawing;

namespace Goodhart.Report.Svg;

/// <summary>Draws the panels: grid below, marks clipped to the panel, frame and ticks above; tick labels only at the figure's
/// edge.</summary>
internal static class PanelSvg
{
    private const double TickLength = 4;
    private const double EdgeRoom = 4;

    /// <summary>Of a tick label, with the space between two of them.</summary>
    private const double CharacterWidth = 7.6;

    public static IEnumerable<XNode> DrawAll(Figure figure, FigureLayout layout)
    {
        for (int row = 0; row < figure.Rows.Count; row++)
        {
            for (int column = 0; column < figure.Columns.Count; column++)
            {
                Canvas canvas = new Canvas(
                    layout.PanelLeft(column), layout.PanelTop(row), layout.PanelWidth, layout.PanelHeight,
                    figure.Columns[column].X, figure.Rows[row].Y);
                yield return new XText("\n");
                yield return SvgElement.Create(
                    "g",
                    Grid(canvas),
                    Marks(canvas, figure.Rows[row].Panels[column], $"{figure.Id}-clip-{row}-{column}"),
                    IsBlank(canvas) ? null : FrameAndTicks(canvas),
                    figure.Rows[row].Panels[column].Title is { Length: > 0 } title ? Title(canvas, title) : null,
                    row == figure.Rows.Count - 1 ? HorizontalLabels(canvas, column > 0, column < figure.Columns.Count - 1) : null,
                    column == 0 ? VerticalLabels(canvas) : null);
            }
        }

        yield return new XText("\n");
    }

    private static XElement Title(Canvas canvas, string title) => FigureSvg.Group(
        Palette.Muted,
        new XAttribute("fill", "currentColor"),
        new XAttribute("font-size", "12"),
        SvgElement.Label(title, canvas.Left + 7, canvas.Top + 15, "start", new XAttribute("font-weight", "600")));

    /// <summary>Fewer ticks until their labels stand apart.</summary>
    private static IReadOnlyList<Tick> Across(Canvas canvas)
    {
        for (int about = (int)Math.Round(canvas.Width / 45); ; about--)
        {
            IReadOnlyList<Tick> ticks = canvas.HorizontalAxis.Ticks(about);
            if (about <= 1 || ticks.Count < 2 || ticks.Max(t => t.Text.Length) * CharacterWidth * ticks.Count < canvas.Width)
            {
                return ticks;
            }
        }
    }

    private static IReadOnlyList<Tick> Up(Canvas canvas) => canvas.VerticalAxis.Ticks((int)Math.Round(canvas.Height / 34));

    private static bool IsBlank(Canvas canvas) => canvas is { HorizontalAxis: BlankAxis, VerticalAxis: BlankAxis };

    private static XElement Grid(Canvas canvas)
    {
        PathText path = new PathText();
        foreach (Tick tick in Up(canvas))
        {
            path.Move(canvas.Left, canvas.Y(tick.Value)).Horizontal(canvas.Right);
        }

        return FigureSvg.Group(Palette.Grid, SvgElement.Path(path, ("stroke", "currentColor"), ("fill", "none")));
    }

    private static IEnumerable<XElement> Marks(Canvas canvas, Panel panel, string clip)
    {
        yield return SvgElement.Create("clipPath", new XAttribute("id", clip), Rectangle(canvas));
        yield return SvgElement.Create(
            "g", new XAttribute("clip-path", $"url(#{clip})"), panel.Marks.Select(m => FigureSvg.Group(m.Ink, m.Draw(canvas))));
    }

    private static XElement FrameAndTicks(Canvas canvas)
    {
        PathText ticks = new PathText();
        foreach (Tick tick in Across(canvas))
        {
            ticks.Move(canvas.X(tick.Value), canvas.Bottom).Vertical(canvas.Bottom + TickLength);
        }

        foreach (Tick tick in Up(canvas))
        {
            ticks.Move(canvas.Left, canvas.Y(tick.Value)).Horizontal(canvas.Left - TickLength);
        }

        XElement frame = Rectangle(canvas);
        frame.Add(new XAttribute("fill", "none"), new XAttribute("stroke", "currentColor"));
        return FigureSvg.Group(Palette.Frame, frame, SvgElement.Path(ticks, ("stroke", "currentColor"), ("fill", "none")));
    }

    // Where two panels meet, labels at their edges lean inwards instead of running into each other.
    private static XElement HorizontalLabels(Canvas canvas, bool hasLeftNeighbour, bool hasRightNeighbour)
    {
        string Anchor(double x) =>
            hasLeftNeighbour && x < canvas.Left + EdgeRoom ? "start" : hasRightNeighbour && x > canvas.Right - EdgeRoom ? "end" : "middle";
        return Labels(Across(canvas).Select(t => (t.Text, X: canvas.X(t.Value)))
            .Select(t => SvgElement.Label(t.Text, t.X, canvas.Bottom + 17, Anchor(t.X))));
    }

    private static XElement VerticalLabels(Canvas canvas) => Labels(Up(canvas).Select(
        t => SvgElement.Label(t.Text, canvas.Left - 8, canvas.Y(t.Value) + 4, "end")));

    private static XElement Labels(IEnumerable<XElement> texts) =>
        FigureSvg.Group(Palette.Muted, new XAttribute("fill", "currentColor"), new XAttribute("font-size", "11"), texts);

    private static XElement Rectangle(Canvas canvas) => SvgElement.Create(
        "rect",
        SvgElement.Number("x", canvas.Left),
        SvgElement.Number("y", canvas.Top),
        SvgElement.Number("width", canvas.Width),
        SvgElement.Number("height", canvas.Height));
}
