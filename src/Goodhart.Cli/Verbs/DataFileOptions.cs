using System.CommandLine;
using Goodhart.Cli.Parsing;

namespace Goodhart.Cli.Verbs;

/// <summary>What the verbs on data files share.</summary>
internal static class DataFileOptions
{
    public static Argument<string> File() => TextArgument.Of(
        "FILE",
        "JSON lines, a JSON array, CSV or Parquet, plain or gzip, recognised by content; or OWNER/NAME:SPLIT of the hub's cache.")
            .AcceptDataName();
}
