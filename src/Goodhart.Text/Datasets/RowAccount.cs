using System.Text.Json;

namespace Goodhart.Text.Datasets;

/// <summary>What a pass over a file did not use, for people to read.</summary>
/// <param name="File">The file's name.</param>
/// <param name="Read">Rows of the file that were looked at.</param>
/// <param name="Skipped">Rows without what is needed, by reason.</param>
/// <param name="Bad">Rows that could not be used and were passed over, by reason.</param>
/// <param name="BadMargins">Margins that are no numbers, of pairs that are used without them, by reason.</param>
/// <param name="CutPrompts">See <see cref="SkipTally.CutPrompts"/>.</param>
/// <param name="Unused">Columns that say nothing here.</param>
public sealed record RowAccount(
    string File, int Read, IReadOnlyDictionary<SkipReason, int> Skipped, IReadOnlyList<BadRowCount> Bad,
    IReadOnlyList<BadRowCount> BadMargins, int CutPrompts, IReadOnlyList<string> Unused)
{
    /// <param name="tally">Of a pass over the data that has ended.</param>
    public static RowAccount Of(Dataset data, SkipTally tally)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(tally);
        return new RowAccount(data.File.Name, tally.Read, tally.Skipped, tally.Bad, tally.BadMargins, tally.CutPrompts, data.Unused(tally));
    }

    /// <summary>The lines that tell of it; none where everything was used.</summary>
    public IEnumerable<string> Lines()
    {
        if (Skipped.Count > 0)
        {
            string reasons = string.Join(
                ", ",
                Skipped.Select(skip => FormattableString.Invariant(
                    $"{skip.Value} {JsonNamingPolicy.CamelCase.ConvertName($"{skip.Key}")}")));
            yield return FormattableString.Invariant($"{Skipped.Values.Sum()} of {Quantity.Of(Read, "row")} skipped: {reasons}");
        }

        foreach (string line in Remarks(Bad, BadMargins, CutPrompts, Unused))
        {
            yield return line;
        }
    }

    /// <summary>Bad rows and bad margins by reason with the first of each, prompts that were cut, and columns not used.</summary>
    public static IEnumerable<string> Remarks(
        IReadOnlyList<BadRowCount> bad, IReadOnlyList<BadRowCount> badMargins, int cutPrompts, IReadOnlyList<string> unused)
    {
        ArgumentNullException.ThrowIfNull(bad);
        ArgumentNullException.ThrowIfNull(badMargins);
        ArgumentNullException.ThrowIfNull(unused);
        return
        [
            .. bad.Select(row => $"{row}"),
            .. badMargins.Select(margin => margin.AsMargin),
            .. cutPrompts > 0 ? (string[])[$"{Quantity.Of(cutPrompts, "prompt")} cut to what "
                + $"{Quantity.Noun(cutPrompts, "it shares with its", "they share with their")} answers, "
                    + "as the chat template writes another beginning with them"] : [],
            .. unused.Count > 0 ? (string[])[$"columns not used: {string.Join(", ", unused)}"] : [],
        ];
    }
}
