using System.CommandLine;
using Goodhart.Studies.Stages.Measuring;
using Goodhart.Studies.Tools;

namespace Goodhart.Cli.Verbs;

/// <summary>Options of the verbs that sample responses to prompts.</summary>
internal sealed class PromptOptions
{
    private readonly Option<int> samples = CommonOptions.AtLeast(
        new Option<int>("--samples") { Description = "Responses per prompt.", DefaultValueFactory = _ => 1 }, 1);

    private readonly Option<int> maxNewTokens = CommonOptions.AtLeast(
        new Option<int>("--max-new-tokens")
        {
            Description = "A response ends here if the model does not end it.",
            DefaultValueFactory = _ => 256,
        },
        1);

    private readonly Option<ulong> seed = CommonOptions.Seed("the samples");
    private readonly Option<int?> limit = new("--limit") { Description = "Only the first so many prompts." };

    public PromptOptions() => limit.Validators.Add(result =>
    {
        if (result.GetValueOrDefault<int?>() is < 1 and var found)
        {
            result.AddError(FormattableString.Invariant($"--limit: expected a whole number >= 1, found {found}."));
        }
    });

    public Option<string> File { get; } = new("--prompts")
    {
        Description = "Prompts: rows with prompt (text) or promptIds, or preference or SFT data. JSON lines, JSON, CSV or Parquet, plain or .gz.",
        Required = true,
        HelpName = "FILE",
    };

    public IEnumerable<Option> All => [File, samples, maxNewTokens, seed, limit];

    /// <summary>At temperature 1: the model itself.</summary>
    public ResponseSampling Sampling(ParseResult parse) =>
        new(parse.GetValue(samples), 1, parse.GetValue(maxNewTokens), parse.GetValue(seed));

    public int? Limit(ParseResult parse) => parse.GetValue(limit);

    public IReadOnlyList<PromptRow> Read(ParseResult parse, LoadedModel model) =>
        PromptFile.Read(model, parse.GetValue(File)!, parse.GetValue(limit), parse.GetValue(maxNewTokens));
}
