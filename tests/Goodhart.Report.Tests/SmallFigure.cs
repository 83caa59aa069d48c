using Goodhart.Report.Axes;
using Goodhart.Report.Charts;
using Goodhart.Report.Drawing;

namespace Goodhart.Report.Tests;

/// <summary>A figure with one of everything, small enough to read as text.</summary>
internal static class SmallFigure
{
    public static Figure Build()
    {
        LinearAxis x = new LinearAxis("√KL(π‖π_{ref})", 0, 2);
        ChartPoint[] points = [new(0.5, 0.4, 0.35, 0.45, "first <&>"), new(1, 0.6, 0.55, 0.65), new(1.5, 0.5)];
        ChartPoint[] curve = [new(0, 0.3), new(1, 0.6), new(2, -4)];
        return new Figure
        {
            Id = "small",
            Title = "Title & \"more\"",
            Description = "One of everything",
            Columns = [new("A < B", x), new("log", new LogAxis("β", 0.01, 1))],
            Rows =
            [
                new(
                    "row",
                    new LinearAxis("win rate", 0, 1),
                    [
                        new([new BandMark(Palette.Series(0), [new(0, 0.2, 0.4), new(2, 0.5, 0.7)]),
                            new DottedCurve(Palette.Series(0), curve),
                                new PointMark(Palette.Series(0), MarkerShape.Circle, 3, false, points)]),
                        new([new LevelMark(Palette.Muted, 0.5, "half"),
                            new LineMark(Palette.Ramp(1, 2), MarkerShape.Star, [new(0.02, 0.1), new(0.7, 0.9)])]),
                    ]),
            ],
            Legend = [new("points", new PointMark(Palette.Series(0), MarkerShape.Circle, 3, false, [])),
                new("fit", new DottedCurve(Palette.Series(0), []))],
        };
    }

    public static Figure With(params Mark[] marks) => new()
    {
        Id = "one",
        Title = "One panel",
        Description = "Marks of a test",
        Columns = [new(string.Empty, new LinearAxis("x", 0, 1))],
        Rows = [new(string.Empty, new LinearAxis("y", 0, 1), [new Panel(marks)])],
    };
}
