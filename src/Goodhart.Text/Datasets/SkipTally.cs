using Goodhart.Text.Datasets.Files;

namespace Goodhart.Text.Datasets;

/// <summary>Counts the rows of one pass over a data set. Complete when the enumeration that it was given to has ended.</summary>
public sealed class SkipTally
{
    private readonly SortedDictionary<SkipReason, int> skipped = [];
    private readonly HashSet<string> known = new(StringComparer.Ordinal);
    private readonly List<string> columns = [];

    /// <summary>Rows of the file, used or not.</summary>
    public int Read { get; private set; }

    public int Used => Read - skipped.Values.Sum();

    public IReadOnlyDictionary<SkipReason, int> Skipped => skipped;

    /// <summary>All columns of the rows read, in the order in which they first appear.</summary>
    public IReadOnlyList<string> Columns => columns;

    internal void Count(DataRow row, SkipReason? reason)
    {
        Read++;
        foreach ((string column, _) in row.Fields)
        {
            if (known.Add(column))
            {
                columns.Add(column);
            }
        }

        if (reason is { } why)
        {
            skipped[why] = skipped.GetValueOrDefault(why) + 1;
        }
    }
}
