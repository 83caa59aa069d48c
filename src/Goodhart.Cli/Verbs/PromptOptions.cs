using System.CommandLine;
using Goodhart.Cli.Parsing;
using Goodhart.Cli.Stages;
using Goodhart.Steps.Measuring;
using Goodhart.Steps.Rows;
using Goodhart.Text.Datasets;

namespace Goodhart.Cli.Verbs;

/// <summary>Options of the verbs that sample responses to prompts.</summary>
internal sealed class PromptOptions
{
    private readonly Option<int> samples = NumberOption.Whole("--samples", 1, 1, "Responses per prompt.");
    private readonly Option<int> maxNewTokens = NumberOption.Whole(
        "--max-new-tokens", 1, 256, "A response ends here if the model does not end it.");

    private readonly Option<ulong> seed = CommonOptions.Seed("the samples");
    private readonly RowOptions rows = new();
    private readonly ChatOptions chat = new();
    private readonly Option<int?> limit = NumberOption.WholeOrNone("--limit", 1, "Only the first so many prompts.");

    public Option<string> File { get; } = new Option<string>("--prompts")
    {
        Description =
            "Prompts: rows with prompt (text) or promptIds, or preference or SFT data. JSON lines, JSON, CSV or Parquet, plain or .gz.",
        Required = true,
        HelpName = "FILE",
    }.AcceptDataName();

    public IEnumerable<Option> All => [File, .. rows.All, .. chat.All, samples, maxNewTokens, seed, limit];

    /// <summary>At temperature 1: the model itself.</summary>
    public ResponseSampling Sampling(ParseResult parse) =>
        new(parse.GetValue(samples), 1, parse.GetValue(maxNewTokens), parse.GetValue(seed));

    public RowReading Reading(ParseResult parse) => rows.Of(parse);

    public int? Limit(ParseResult parse) => parse.GetValue(limit);

    /// <inheritdoc cref="ChatOptions.Of(ParseResult, string, Action{string}?)"/>
    public ChatFiles? Chat(ParseResult parse, string model, Action<string>? note) => chat.Of(parse, model, note);
}
