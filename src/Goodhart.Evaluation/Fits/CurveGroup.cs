using Goodhart.Evaluation.Points;

namespace Goodhart.Evaluation.Fits;

/// <summary>Points that one curve is fitted to, and the SFT model's win rate they start from.</summary>
/// <param name="SftWinRate">Null where no row fits; the mean where several do.</param>
internal sealed record CurveGroup(string Name, IReadOnlyList<CurvePoint> Points, double? SftWinRate)
{
    private static readonly string[] DefaultColumns = ["loss", "model"];

    /// <summary>Groups in order of first appearance. Rows of the SFT model (loss empty, or a distance of exactly 0) are anchors, not
    /// points.</summary>
    public static IEnumerable<CurveGroup> Split(CurveTable table, IReadOnlyList<string>? groupBy)
    {
        string[] columns = groupBy is null
            ? [.. DefaultColumns.Select(table.Column).OfType<string>()]
            : [.. groupBy.Select(name => table.Column(name) ?? throw NoColumn(table, name))];
        string? loss = table.Column("loss");
        ILookup<bool, CurvePoint> rows = table.Points.ToLookup(
            point => point.SqrtKl == 0 || (loss is not null && point.Keys[loss].Length == 0));
        string[] shared = [.. columns.Where(column => column != loss)];
        foreach (IGrouping<string, CurvePoint> group in rows[false].GroupBy(point => Key(point, columns)))
        {
            string model = Key(group.First(), shared);
            double[] anchors = [.. rows[true].Where(anchor => Key(anchor, shared) == model).Select(anchor => anchor.WinRate)];
            yield return new(columns.Length == 0 ? "all" : group.Key, [.. group], anchors.Length == 0 ? null : anchors.Average());
        }
    }

    private static string Key(CurvePoint point, string[] columns) => string.Join('/', columns.Select(column => point.Keys[column]));

    private static InvalidDataException NoColumn(CurveTable table, string name)
    {
        string? nearest = ColumnName.Nearest(name, table.Columns);
        string found = table.Columns.Count == 0 ? "none" : string.Join(", ", table.Columns);
        return new(
            $"{table.File}: cannot group by {name}; columns to group by: {found}."
            + (nearest is null ? string.Empty : $" Nearest: {nearest}."));
    }
}
