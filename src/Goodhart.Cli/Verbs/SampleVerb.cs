using System.CommandLine;
using System.Globalization;
using Goodhart.Cli.Live;
using Goodhart.Cli.Parsing;
using Goodhart.Pipeline;
using Goodhart.Steps.Folders;
using Goodhart.Steps.Measuring;
using Goodhart.Text;

namespace Goodhart.Cli.Verbs;

/// <summary><c>goodhart sample</c>: responses of a model.</summary>
internal sealed class SampleVerb : Verb
{
    private readonly Argument<string> model = CommonOptions.Model("MODEL", "The model");
    private readonly PromptOptions prompts = new();
    private readonly Option<double> temperature = NumberOption.Above0(
        "--temperature", 1, "Logits are divided by it. The whole vocabulary takes part: there is no top-k and no top-p.");

    private readonly LineOptions lines = new(
        "JSON lines file; the same command continues it after an interruption. Default: standard output.");

    public SampleVerb()
        : base(
            "sample",
            "Sample responses: JSON lines with prompt, response, logProb (nats, at the sampling temperature), "
            + "finishReason (eos or length) and token ids.")
    {
        Take([model, .. prompts.All, temperature, .. lines.All], RunAsync);

        lines.JsonNeedsFile(this);
    }

    public override IReadOnlyList<string> Examples { get; } =
    [
        "goodhart sample pythia-160m --prompts tldr.jsonl --max-new-tokens 64 --out responses.jsonl",
        "goodhart sample my-model --prompts prompts.jsonl --samples 4 --temperature 0.7 --seed 1 --limit 10",
        "goodhart sample my-model --prompts prompts.jsonl --config sample.yaml",
    ];

    private async Task<int> RunAsync(ParseResult parse, CancellationToken cancel)
    {
        ResponseSampling sampling = prompts.Sampling(parse) with { Temperature = parse.GetValue(temperature) };
        CountProgress progress = lines.Progress(parse, "prompt", "sampled");
        SampleResponses step = new()
        {
            Model = ModelFiles.Input(parse.GetValue(model)!),
            Prompts = new InputFile(parse.GetValue(prompts.File)!),
            Reading = prompts.Reading(parse),
            Chat = prompts.Chat(parse, parse.GetValue(model)!, progress.Note),
            Limit = prompts.Limit(parse),
            Sampling = sampling,
            Progress = progress,
        };
        SampleSummary summary = await lines.RunAsync(parse, step, Out(parse), cancel);
        if (lines.File(parse) is { } path)
        {
            int resumed = progress.Earlier * sampling.Samples ?? summary.Responses;
            Out(parse).WriteLine(lines.IsJson(parse)
                ? JsonLayout.Text(
                    new
                    {
                        file = Path.GetFullPath(path),
                        summary = new { summary.Responses, resumed, summary.MeanLength, summary.EosRate },
                    })
                : string.Create(
                    CultureInfo.InvariantCulture,
                    $"{Quantity.Of(summary.Responses, "response", format: "N0")} ({resumed:N0} from before), {summary.MeanLength:0.0} "
                        + $"tokens on average, ")
                + FormattableString.Invariant($"{summary.EosRate:P0} ended with EOS: {path}"));
        }

        return ExitCode.Done;
    }
}
