using System.Globalization;
using System.Text.Json.Nodes;
using Goodhart.Text.Datasets.Files;
using Goodhart.Text.Datasets.Shapes;

namespace Goodhart.Text.Datasets;

/// <summary>Counts the rows of one pass over a data set. Complete when the enumeration that it was given to has ended.</summary>
public sealed class SkipTally
{
    private readonly SortedDictionary<SkipReason, int> skipped = [];
    private readonly OrderedDictionary<string, BadRowCount> bad = new(StringComparer.Ordinal);
    private readonly OrderedDictionary<string, BadRowCount> badMargins = new(StringComparer.Ordinal);
    private readonly OrderedDictionary<string, HashSet<string>> columns = new(StringComparer.Ordinal);

    /// <summary>Rows of the file, used or not.</summary>
    public int Read { get; private set; }

    public int Used => Read - skipped.Values.Sum() - bad.Values.Sum(reason => reason.Count);

    public IReadOnlyDictionary<SkipReason, int> Skipped => skipped;

    /// <summary>Rows that could not be used and were passed over, by reason.</summary>
    public IReadOnlyList<BadRowCount> Bad => [.. bad.Values];

    /// <summary>Margins that are no numbers, by reason, of pairs that are used without them.</summary>
    public IReadOnlyList<BadRowCount> BadMargins => [.. badMargins.Values];

    /// <summary>
    /// Rows whose prompt was cut to what it shares with its answers, since the chat template writes another beginning with them.
    /// </summary>
    public int CutPrompts { get; private set; }

    /// <summary>All columns of the rows read, in the order in which they first appear.</summary>
    public IReadOnlyList<string> Columns => [.. columns.Keys];

    /// <summary>Fields of the messages in a column that holds conversations.</summary>
    internal IEnumerable<string> MessageFields(string column) => columns.TryGetValue(column, out HashSet<string>? fields) ? fields : [];

    /// <param name="conversations">The columns whose messages' fields are wanted too.</param>
    internal void Count(Cells cells, SkipReason? reason, IReadOnlySet<string> conversations)
    {
        Read++;
        foreach ((string column, _) in cells.Row.Fields)
        {
            if (!columns.TryGetValue(column, out HashSet<string>? fields))
            {
                columns.Add(column, fields = new HashSet<string>(StringComparer.Ordinal));
            }

            if (conversations.Contains(column) && cells.Value(column) is JsonArray list)
            {
                fields.UnionWith(list.OfType<JsonObject>().SelectMany(message => message).Select(field => field.Key));
            }
        }

        if (reason is { } why)
        {
            skipped[why] = skipped.GetValueOrDefault(why) + 1;
        }
    }

    internal void CountCutPrompt() => CutPrompts++;

    internal void Count(BadRowException fault)
    {
        Read++;
        Count(bad, fault);
    }

    internal void CountMargin(BadRowException fault) => Count(badMargins, fault);

    private static void Count(OrderedDictionary<string, BadRowCount> counts, BadRowException fault)
    {
        BadRowCount before = counts.TryGetValue(fault.Reason, out BadRowCount? known)
            ? known
            : new BadRowCount(fault.Reason, 0, fault.Place);
        counts[fault.Reason] = before with { Count = before.Count + 1 };
    }

    /// <exception cref="InvalidDataException">More rows are bad than a share of all.</exception>
    internal void RequireFewBad(string file, double share)
    {
        int count = bad.Values.Sum(reason => reason.Count);
        if (count > share * Read)
        {
            throw new InvalidDataException(string.Create(
                CultureInfo.InvariantCulture,
                $"{file}: {count} of {Quantity.Of(Read, "row")} {Quantity.Noun(count, "is", "are")} bad, more than the "
                    + $"{100 * share:0.###} % that --max-bad-rows allows. ")
                + $"{string.Join("; ", bad.Values.Take(5).Select(reason => reason.InFile))}.");
        }
    }
}
