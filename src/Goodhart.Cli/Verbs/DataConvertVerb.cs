using System.CommandLine;
using System.IO.Compression;
using Goodhart.Cli.Parsing;
using Goodhart.Text;
using Goodhart.Text.Datasets;
using Goodhart.Text.Datasets.Conversations;
using Goodhart.Text.Datasets.Files;
using Goodhart.Text.Datasets.Writing;

namespace Goodhart.Cli.Verbs;

/// <summary><c>goodhart data convert</c>: the same rows in another format.</summary>
internal sealed class DataConvertVerb : Verb
{
    private readonly Argument<string> file = DataFileOptions.File();
    private readonly Option<string> format = new("--to") { Description = "jsonl, json (an array) or csv.", Required = true };
    private readonly Option<string> target = TextOption.Required("--out", "FILE", "File to write; gzip if the name ends in .gz.");

    private readonly Option<bool> unpaired = TextOption.Flag(
        "--unpaired",
        "Write each pair as two rows of prompt, completion and label (true: chosen): what KTO trainers take. Conversations stay "
            + "messages, with their tools, for the model's own template; other columns are left out.");

    private readonly RowOptions rows = new();
    private readonly Option<bool> force = TextOption.Flag("--force", "Replace the file if it exists.");
    private readonly Option<bool> json = CommonOptions.Json();

    public DataConvertVerb()
        : base("convert",
            "Write a file's rows, all columns, as JSON lines, a JSON array or CSV (nested values as JSON in a cell). Parquet is read only.")
    {
        format.AcceptOnlyFromAmong("jsonl", "json", "csv");
        Take([file, format, target, unpaired, .. rows.All, force, json], Run);
    }

    public override IReadOnlyList<string> Examples { get; } =
    [
        "goodhart data convert pairs.parquet --to jsonl --out pairs.jsonl.gz",
        "goodhart data convert pairs.jsonl --to csv --out pairs.csv --force",
        "goodhart data convert pairs.parquet --unpaired --to jsonl --out feedback.jsonl",
    ];

    private int Run(ParseResult parse, CancellationToken cancel)
    {
        string source = parse.GetValue(file)!;
        if (rows.AreNamed(parse) && !parse.GetValue(unpaired))
        {
            throw new ArgumentException("--columns belongs to --unpaired: without it all columns are written under their own names.");
        }

        DataFormat to = parse.GetValue(format) switch
        {
            "jsonl" => DataFormat.JsonLines,
            "json" => DataFormat.JsonArray,
            _ => DataFormat.Csv,
        };
        string path = Path.GetFullPath(parse.GetValue(target)!);
        RowReading reading = rows.Of(parse);
        RowAccount? account = null;
        int written = 0;
        DataOutput.File(path, parse.GetValue(force), stream =>
        {
            using Stream content = path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase)
                ? new GZipStream(stream, CompressionLevel.Optimal) : stream;
            SkipTally tally = new();
            if (parse.GetValue(unpaired))
            {
                Dataset data = Dataset.Open(source, reading, new KeptMessages());
                written = Conversion.WriteUnpaired(data, to, content, tally, cancel);
                account = RowAccount.Of(data, tally);
            }
            else
            {
                DataFile all = DataFile.Open(source);
                written = Conversion.Write(all, to, content, reading, tally, cancel);
                account = RawRows.Account(all, tally, tally.Columns);
            }
        });
        if (parse.GetValue(json))
        {
            Out(parse).WriteLine(JsonLayout.Text(
                new
                {
                    file = path,
                    rows = written,
                    skipped = account!.Skipped,
                    badRows = account.Bad,
                    account.Unused,
                }));
            return ExitCode.Done;
        }

        Out(parse).WriteLine(FormattableString.Invariant($"{written,8} {Quantity.Noun(written, "row")}  {parse.GetValue(target)}"));
        foreach (string line in account!.Lines())
        {
            Out(parse).WriteLine(line);
        }

        return ExitCode.Done;
    }
}
