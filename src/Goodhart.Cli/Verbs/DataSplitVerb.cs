using System.CommandLine;
using Goodhart.Cli.Parsing;
using Goodhart.Text;
using Goodhart.Text.Datasets;
using Goodhart.Text.Datasets.Conversations;
using Goodhart.Text.Datasets.Writing;

namespace Goodhart.Cli.Verbs;

/// <summary><c>goodhart data split</c>: splits that share no prompt.</summary>
internal sealed class DataSplitVerb : Verb
{
    private readonly Argument<string> file = DataFileOptions.File();
    private readonly Option<string> folder = TextOption.Required("--out", "DIR", "New folder for the files.");
    private readonly Option<string> fractions = TextOption.Of(
        "--fractions", "train=0.9,...", "train=0.9,valid=0.1", "Name and share of the prompts of each split; the shares sum to 1.");

    private readonly Option<ulong> seed = CommonOptions.Seed("which prompt goes where");
    private readonly RowOptions rows = new();
    private readonly Option<bool> json = CommonOptions.Json();

    public DataSplitVerb()
        : base("split",
            "Split so that no prompt is in two splits, nor two turns of one dialogue, whatever template writes it: a file of JSON lines "
                + "each, rows unchanged (conversations stay messages) and in order, and split.json.") =>
        Take([file, folder, fractions, seed, .. rows.All, json], Run);

    public override IReadOnlyList<string> Examples { get; } =
    [
        "goodhart data split pairs.jsonl.gz --out splits",
        "goodhart data split pairs.csv --out splits --fractions train=0.8,valid=0.1,test=0.1 --seed 7",
    ];

    private int Run(ParseResult parse, CancellationToken cancel)
    {
        PromptSplit split = PromptSplit.Parse(parse.GetValue(fractions)!, parse.GetValue(seed));
        Dataset data = Dataset.OpenAny(parse.GetValue(file)!, rows.Of(parse), new CanonicalDialogue());
        SplitSummary summary = null!;
        DataOutput.Folder(parse.GetValue(folder)!, partial =>
        {
            summary = SplitFiles.Write(data, split, partial, cancel);
            File.WriteAllText(Path.Combine(partial, "split.json"), JsonLayout.Text(summary) + "\n");
        });
        if (parse.GetValue(json))
        {
            Out(parse).WriteLine(JsonLayout.Text(summary));
            return ExitCode.Done;
        }

        foreach (SplitPart part in summary.Parts)
        {
            string path = Path.Combine(parse.GetValue(folder)!, part.File);
            Out(parse).WriteLine(FormattableString.Invariant($"{part.Rows,8} {Quantity.Noun(part.Rows, "row")}, {part.Prompts,8} ")
                + FormattableString.Invariant($"{Quantity.Noun(part.Prompts, "prompt")}  {path}"));
        }

        foreach ((SkipReason reason, int count) in summary.Skipped)
        {
            Out(parse).WriteLine(FormattableString.Invariant($"{count,8} {Quantity.Noun(count, "row")} in no split: {reason.Phrase()}"));
        }

        foreach (BadRowCount bad in summary.BadRows)
        {
            Out(parse).WriteLine($"{bad}");
        }

        return ExitCode.Done;
    }
}
