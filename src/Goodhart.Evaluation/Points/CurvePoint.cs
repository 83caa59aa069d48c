namespace Goodhart.Evaluation.Points;

/// <summary>A point of a win-rate curve from any file.</summary>
/// <param name="Keys">The row's other columns, by name as the file spells it: what points can be grouped by.</param>
/// <param name="SqrtKl">d = √KL.</param>
/// <param name="WinRate">The R of Eq. (5), from 0 to 1.</param>
/// <param name="Line">Its line in the file.</param>
public sealed record CurvePoint(IReadOnlyDictionary<string, string> Keys, double SqrtKl, double WinRate, double? WinRateSe, int Line);

/// <summary>A file of curve points.</summary>
/// <param name="File">For messages.</param>
/// <param name="Columns">The grouping columns, in the file's order and spelling.</param>
public sealed record CurveTable(string File, IReadOnlyList<string> Columns, IReadOnlyList<CurvePoint> Points)
{
    /// <summary>The file's spelling of a column ("winRate", "win_rate" and "WinRate" are one name); null where it has none.</summary>
    public string? Column(string name) => Columns.FirstOrDefault(column => ColumnName.Same(column, name));
}
