using Goodhart.Report.Charts;
using Goodhart.Report.Drawing;

namespace Goodhart.Report.Svg;

/// <summary>Where the parts of a figure lie, in pixels.</summary>
internal sealed record FigureLayout
{
    private const double LargestWidth = 940;
    public const double FontSize = 12;
    private const double ColumnGap = 16;
    private const double RowGap = 18;
    private const double LegendLine = 20;

    private FigureLayout(Figure figure)
    {
        int columns = figure.Columns.Count;
        double beside = Left + Right(figure) + ((columns - 1) * ColumnGap);
        PanelWidth = Math.Min(420, (LargestWidth - beside) / columns);
        Width = beside + (columns * PanelWidth);
        LegendRows = LegendLayout.Arrange(figure.Legend, Width - Left - Right(figure));
        LegendHeight = LegendRows.Count * LegendLine;
        PanelHeight = Math.Max(Math.Clamp(figure.PanelAspect * PanelWidth, 120, 290), RoomForLabels(figure));
        FirstTop = 8 + LegendHeight + (LegendHeight > 0 ? 6 : 0) + (figure.Columns.Any(c => c.Title.Length > 0) ? 20 : 0);
        Height = FirstTop + (figure.Rows.Count * PanelHeight) + ((figure.Rows.Count - 1) * RowGap) + 46;
    }

    public static double Left => 62;

    public IReadOnlyList<IReadOnlyList<(LegendEntry Entry, double X)>> LegendRows { get; }

    public double LegendHeight { get; }

    public double PanelWidth { get; }

    public double PanelHeight { get; }

    public double FirstTop { get; }

    public double Width { get; }

    public double Height { get; }

    public static FigureLayout Of(Figure figure) => new(figure);

    public static double LegendBaseline(int row) => 18 + (row * LegendLine);

    public double PanelLeft(int column) => Left + (column * (PanelWidth + ColumnGap));

    public double PanelTop(int row) => FirstTop + (row * (PanelHeight + RowGap));

    // A label along a panel's side that is longer than the panel would be cut.
    private static double RoomForLabels(Figure figure)
    {
        static double Long(string label) => RichText.Width(label, FontSize);
        (int rows, double titles) = (figure.Rows.Count, figure.Rows.Max(r => Long(r.Title)));
        return figure.Rows.All(r => r.Y.Label == figure.Rows[0].Y.Label)
            ? Math.Max(titles, (Long(figure.Rows[0].Y.Label) - ((rows - 1) * RowGap)) / rows)
            : Math.Max(titles, figure.Rows.Max(r => Long(r.Y.Label)));
    }

    private static double Right(Figure figure) => figure.Rows.Any(r => r.Title.Length > 0) ? 30 : 12;
}
