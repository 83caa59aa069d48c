using System.CommandLine;

namespace Goodhart.Cli.Verbs;

/// <summary>What the verbs on data files share.</summary>
internal static class DataFileOptions
{
    public static Argument<string> File() => new("FILE")
    {
        Description = "JSON lines, a JSON array, CSV or Parquet, plain or gzip; recognised by content.",
    };
}
