using System.CommandLine;
using Goodhart.Text.Datasets;

namespace Goodhart.Cli.Parsing;

/// <summary>How the rows of a file of data are read: which column is what, and what becomes of bad rows.</summary>
internal sealed class RowOptions
{
    private readonly Option<string?> columns = TextOption.OrNone(
        "--columns", "prompt=a,chosen=b",
        $"Columns that have other names than their roles ({string.Join(", ", ColumnMap.Roles)}); messages= says that none is that.");

    private readonly Option<string> badRows = TextOption.Of(
        "--bad-rows", "refuse|skip", "refuse",
        "refuse: the first bad row ends the command. skip: bad rows are counted by reason and passed over.");

    private readonly Option<double?> maxBadRows = NumberOption.OrNone(
        "--max-bad-rows", NumberRule.Share(0.05), "With --bad-rows skip: the share of a file's rows that may be bad. Default: 0.01.");

    public RowOptions() => badRows.AcceptOnlyFromAmong("refuse", "skip");

    public IReadOnlyList<Option> All => [columns, badRows, maxBadRows];

    public bool AreNamed(ParseResult parse) => parse.GetValue(columns) is not null;

    /// <exception cref="ArgumentException">A share of bad rows though none is passed over.</exception>
    public RowReading Of(ParseResult parse)
    {
        bool skips = parse.GetValue(badRows) == "skip";
        double? share = parse.GetValue(maxBadRows);
        if (share is not null && !skips)
        {
            throw new ArgumentException("--max-bad-rows belongs to --bad-rows skip: without it the first bad row ends the command.");
        }

        return new RowReading
        {
            Columns = parse.GetValue(columns) is { } text ? ColumnMap.Parse(text) : ColumnMap.None,
            MaxBadRows = skips ? share ?? RowReading.UsualMaxBadRows : null,
        };
    }
}
