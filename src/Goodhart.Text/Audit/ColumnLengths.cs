namespace Goodhart.Text.Audit;

/// <summary>The lengths of each column's texts.</summary>
internal sealed class ColumnLengths
{
    private static readonly string[] Order = ["prompt", "chosen", "rejected", "completion", "desirable", "undesirable"];
    private readonly Dictionary<string, List<int>> columns = new(StringComparer.Ordinal);

    public void Add(string column, int length)
    {
        if (!columns.TryGetValue(column, out List<int>? lengths))
        {
            columns.Add(column, lengths = []);
        }

        lengths.Add(length);
    }

    public IReadOnlyDictionary<string, LengthSummary> Summaries() =>
        new OrderedDictionary<string, LengthSummary>(
            Order.Where(columns.ContainsKey).Select(column => KeyValuePair.Create(column, LengthSummary.Of(columns[column]))));
}
