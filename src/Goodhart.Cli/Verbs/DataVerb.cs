namespace Goodhart.Cli.Verbs;

/// <summary>What concerns files of preference and SFT data.</summary>
internal sealed class DataVerb : Verb
{
    public DataVerb()
        : base("data", "Preference and SFT files (JSON lines, JSON, CSV, Parquet, each plain or gzip): inspect, split, convert, filter.")
    {
        Subcommands.Add(new DataInspectVerb());
        Subcommands.Add(new DataSplitVerb());
        Subcommands.Add(new DataConvertVerb());
        Subcommands.Add(new DataFilterVerb());
    }

    public override IReadOnlyList<string> Examples { get; } =
    [
        "goodhart data inspect pairs.jsonl.gz",
        "goodhart data split pairs.jsonl.gz --out splits --fractions train=0.9,valid=0.1",
        "goodhart data convert pairs.parquet --to jsonl --out pairs.jsonl",
        "goodhart data filter pairs.jsonl --remedy filter-reward:keep=0.8 --reward reward/model --out filtered",
    ];
}
