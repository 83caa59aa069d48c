namespace Goodhart.Text.Datasets;

/// <summary>Counts the rows of one pass over a data set. Complete when the enumeration that it was given to has ended.</summary>
public sealed class SkipTally
{
    private readonly SortedDictionary<SkipReason, int> skipped = [];

    /// <summary>Rows of the file, used or not.</summary>
    public int Read { get; private set; }

    public int Used => Read - skipped.Values.Sum();

    public IReadOnlyDictionary<SkipReason, int> Skipped => skipped;

    internal void Count(SkipReason? reason)
    {
        Read++;
        if (reason is { } why)
        {
            skipped[why] = skipped.GetValueOrDefault(why) + 1;
        }
    }
}
