using System.CommandLine;
using Goodhart.Cli.Parsing;
using Goodhart.Text;
using Goodhart.Worlds;

namespace Goodhart.Cli.Verbs;

/// <summary><c>goodhart world export</c>: the world as JSON lines that other tools train on.</summary>
internal sealed class WorldExportVerb : Verb
{
    private static readonly WorldExportOptions Standard = new();

    private readonly Option<string> folder = TextOption.Required("--out", "DIR", "New folder for the files.");
    private readonly Option<ulong> seed = CommonOptions.Seed("posts, summaries and labels");
    private readonly Option<int> alignmentSeed = NumberOption.Whole(
        "--alignment-seed", 0, Standard.AlignmentSeed, "Seed of the preference pairs: an entry of a study's seeds.");

    private readonly Option<int> pretrain = NumberOption.Whole(
        "--pretrain", 0, Standard.Pretraining, "Rows of pretrain.jsonl; 0 writes no file.");
    private readonly Option<int> sft = NumberOption.Whole("--sft", 0, Standard.Sft, "Rows of sft.jsonl.");
    private readonly Option<int> pairs = NumberOption.Whole("--pairs", 0, Standard.Preferences, "Rows of preferences.jsonl.");
    private readonly Option<int> heldOut = NumberOption.Whole(
        "--held-out-pairs", 0, Standard.HeldOutPairs, "Rows of heldout-preferences.jsonl.");
    private readonly Option<int> prompts = NumberOption.Whole("--prompts", 0, Standard.Prompts, "Rows of prompts.jsonl: held-out prompts.");
    private readonly Option<double> noise = NumberOption.Of(
        "--label-noise", NumberRule.Share(0.25), Standard.Labeller.Noise, "Share of the pairs' labels that are turned round by chance.");

    private readonly Option<double> lengthBias = NumberOption.Of(
        "--length-bias", NumberRule.Finite(0.3), Standard.Labeller.LengthBias,
        "What a token more is worth to who labels the pairs, in logits.");

    private readonly Option<bool> json = CommonOptions.Json();

    public WorldExportVerb()
        : base("export", "Write the world as JSON lines: SFT rows, preference pairs, held-out prompts, gold scores, and the tokenizer.") =>
        Take([folder, seed, alignmentSeed, pretrain, sft, pairs, heldOut, prompts, noise, lengthBias, json], Run);

    public override IReadOnlyList<string> Examples { get; } =
    [
        "goodhart world export --out world",
        "goodhart world export --out small --seed 7 --sft 500 --pairs 1000",
    ];

    private int Run(ParseResult parse, CancellationToken cancel)
    {
        WorldExportOptions options = new()
        {
            Seed = parse.GetValue(seed),
            AlignmentSeed = parse.GetValue(alignmentSeed),
            Pretraining = parse.GetValue(pretrain),
            Sft = parse.GetValue(sft),
            Preferences = parse.GetValue(pairs),
            HeldOutPairs = parse.GetValue(heldOut),
            Prompts = parse.GetValue(prompts),
            Labeller = new PreferenceSampler { Noise = parse.GetValue(noise), LengthBias = parse.GetValue(lengthBias) },
        };
        string target = parse.GetValue(folder)!;
        IReadOnlyDictionary<string, int> rows = WorldExport.Write(options, target, cancel);
        if (parse.GetValue(json))
        {
            Out(parse).WriteLine(JsonLayout.Text(new { folder = Path.GetFullPath(target), rows }));
            return ExitCode.Done;
        }

        foreach ((string file, int count) in rows)
        {
            Out(parse).WriteLine(FormattableString.Invariant($"{count,8:N0} {Quantity.Noun(count, "row")}  {Path.Combine(target, file)}"));
        }

        return ExitCode.Done;
    }
}
