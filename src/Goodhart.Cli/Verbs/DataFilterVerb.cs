using System.CommandLine;
using System.Globalization;
using Goodhart.Alignment.Remedies;
using Goodhart.Cli.Parsing;
using Goodhart.Cli.Stages;
using Goodhart.Evaluation.Rewards;
using Goodhart.Hub.Cache;
using Goodhart.Report.Text;
using Goodhart.Steps.Runs;
using Goodhart.Text;

namespace Goodhart.Cli.Verbs;

/// <summary><c>goodhart data filter</c>: the pairs that a filter keeps, and how many labels are wrong.</summary>
internal sealed class DataFilterVerb : StageVerb<FilterResult>
{
    private readonly Argument<string> file = DataFileOptions.File();

    private readonly Option<string> remedy = TextOption.Required(
        "--remedy", "NAME[:keep=SHARE]",
        $"What is left out: {string.Join(", ", Filters)}, with the share that is kept, such as filter-reward:keep=0.8. `goodhart remedies` "
            + "describes them.");

    private readonly Option<string?> reward = TextOption.OrNone(
        "--reward", "MODEL", "filter-reward, filter-confidence: reward models, with commas between; of several the mean.");

    private readonly Option<string?> reference = TextOption.OrNone(
        "--reference", "MODEL", "filter-reference, filter-cross-fit: the model that alignment begins with.");

    private readonly Option<string?> policy = TextOption.OrNone(
        "--policy", "MODEL", "filter-cross-fit: a policy that was aligned on other pairs, from that reference.");

    private readonly RowOptions rows = new();
    private readonly ChatOptions chat = new();

    public DataFilterVerb()
        : base(
            "filter",
            "Leave out the pairs for whose label something else speaks least. Writes DIR/kept.jsonl, the other rows unchanged, and says "
                + "how many labels seem to be turned round.") =>
        TakeStage([file, remedy, reward, reference, policy, .. rows.All, .. chat.All]);

    public override IReadOnlyList<string> Examples { get; } =
    [
        "goodhart data filter pairs.jsonl --remedy filter-reward:keep=0.8 --reward reward/model --out filtered",
        "goodhart data filter pairs.jsonl --remedy filter-reference --reference sft/model --out filtered",
        "goodhart data filter half-a.jsonl --remedy filter-cross-fit --reference sft/model --policy dpo-b/model --out filtered-a",
    ];

    private static IEnumerable<string> Filters =>
        RemedyCatalogue.All.Where(entry => entry.Create() is FilteredPairs).Select(entry => entry.Name);

    protected override Task<FilterResult> RunAsync(ParseResult parse, StageEnvironment environment, CancellationToken cancel) =>
        FilterStage.RunAsync(
            new FilterSettings(
                parse.GetValue(file)!, rows.Of(parse), chat.Of(parse), Filter(parse.GetValue(remedy)!),
                parse.GetValue(reward) is { } models ? [.. CommaList.Split(models).Select(CachedNames.Model)] : [],
                Named(parse, reference), Named(parse, policy)),
            environment, cancel);

    protected override void Announce(ParseResult parse, FilterResult result)
    {
        Out(parse).WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{result.Kept} of {Quantity.Of(result.Pairs, "pair")} kept; of {result.Against:P1} the label is contradicted"));
        LabelNoise noise = result.Noise;
        Out(parse).WriteLine(noise.IsDetermined
            ? $"labels turned round: {Numbers.WithError(noise.Rate, noise.StandardError)}"
            : "labels turned round: unknown, since the margins say no more of the labels than a coin");
        AnnounceRows(Out(parse), result.Data);
        Out(parse).WriteLine(result.File);
    }

    private static string? Named(ParseResult parse, Option<string?> model) =>
        parse.GetValue(model) is { } name ? CachedNames.Model(name) : null;

    /// <exception cref="ArgumentException">No filter.</exception>
    private FilteredPairs Filter(string text) => RemedySyntax.Read(text, remedy.Name) as FilteredPairs ?? throw new ArgumentException(
        $"{remedy.Name}: expected one of {string.Join(", ", Filters)}, found {text}.");
}
