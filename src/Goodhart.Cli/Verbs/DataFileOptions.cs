using System.CommandLine;
using Goodhart.Text.Datasets;

namespace Goodhart.Cli.Verbs;

/// <summary>What the verbs on data files share.</summary>
internal static class DataFileOptions
{
    public static Argument<string> File() => new("FILE")
    {
        Description = "JSON lines, a JSON array, CSV or Parquet, plain or gzip; recognised by content.",
    };

    public static Option<string> Columns() => new("--columns")
    {
        Description = $"Columns with other names, as role=column with commas between; roles: {string.Join(", ", ColumnMap.Roles)}.",
        HelpName = "prompt=a,...",
    };

    public static ColumnMap Map(ParseResult parse, Option<string> columns) =>
        parse.GetValue(columns) is { } text ? ColumnMap.Parse(text) : ColumnMap.None;
}
