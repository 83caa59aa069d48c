namespace Goodhart.Text.Datasets;

/// <summary>How a file's rows are read.</summary>
public sealed record RowReading
{
    /// <summary>As the columns' names say, and a bad row ends the reading.</summary>
    public static readonly RowReading Plain = new();

    /// <summary>What is meant by skipping bad rows where nobody says how many there may be.</summary>
    public const double UsualMaxBadRows = 0.01;

    public ColumnMap Columns { get; init; } = ColumnMap.None;

    /// <summary>Share of the rows that may be bad and are passed over, counted by reason; null: the first bad row ends the
    /// reading.</summary>
    public double? MaxBadRows { get; init; }

    /// <summary>Whether a pair's margin is needed: one that is no number makes a bad row of it.</summary>
    public bool NeedsMargins { get; init; }
}
