using Goodhart.Report.Axes;

namespace Goodhart.Report.Charts;

/// <summary>A figure of panels in rows and columns. Panels of a row share the y axis, panels of a column the x axis; each axis is drawn
/// once.</summary>
public sealed record Figure
{
    /// <summary>Unique in a document: letters, digits and hyphens. It prefixes every id of the drawing.</summary>
    public required string Id { get; init; }

    /// <summary>The drawing's accessible name.</summary>
    public required string Title { get; init; }

    /// <summary>What the drawing shows, for a reader who cannot see it.</summary>
    public required string Description { get; init; }

    public required IReadOnlyList<FigureColumn> Columns { get; init; }

    public required IReadOnlyList<FigureRow> Rows { get; init; }

    /// <summary>Empty for a figure that needs none.</summary>
    public IReadOnlyList<LegendEntry> Legend { get; init; } = [];

    /// <summary>Panel height over panel width.</summary>
    public double PanelAspect { get; init; } = 0.78;
}

/// <param name="Title">Drawn above the column; empty for none.</param>
public sealed record FigureColumn(string Title, Axis X);

/// <param name="Title">Drawn at the right of the row; empty for none.</param>
/// <param name="Panels">One for each column.</param>
public sealed record FigureRow(string Title, Axis Y, IReadOnlyList<Panel> Panels);

/// <param name="Marks">Drawn in order, the last on top.</param>
public sealed record Panel(IReadOnlyList<Mark> Marks)
{
    /// <summary>Drawn inside, at the top left, where neither column nor row says it; empty for none.</summary>
    public string Title { get; init; } = "";
}

/// <param name="Sample">Drawn beside the label: a mark without points, of the look that the label explains.</param>
public sealed record LegendEntry(string Label, Mark Sample);
