using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using Goodhart.Cli.Live;
using Goodhart.Cli.Parsing;
using Goodhart.Engine.Cpu;
using Goodhart.Pipeline;
using Goodhart.Studies.Tools;

namespace Goodhart.Cli.Verbs;

/// <summary><c>goodhart sample</c>: responses of a model.</summary>
internal sealed class SampleVerb : Verb
{
    private readonly Argument<string> model = CommonOptions.Model("MODEL", "The model");
    private readonly PromptOptions prompts = new();
    private readonly Option<double> temperature = NumberOption.Above0(
        "--temperature", 1, "Logits are divided by it. The whole vocabulary takes part: there is no top-k and no top-p.");

    private readonly Option<string> file = new("--out")
    {
        Description = "JSON lines file; the same command continues it after an interruption. Default: standard output.",
        HelpName = "FILE.jsonl",
    };

    private readonly Option<int> threads = CommonOptions.Threads();
    private readonly Option<bool> quiet = CommonOptions.Quiet();
    private readonly Option<bool> json = CommonOptions.Json();

    public SampleVerb()
        : base(
            "sample",
            "Sample responses: JSON lines with prompt, response, logProb (nats, at the sampling temperature), "
            + "finishReason (eos or length) and token ids.")
    {
        Arguments.Add(model);
        foreach (Option option in (Option[])[.. prompts.All, temperature, file, threads, new ConfigOption(), quiet, json])
        {
            Options.Add(option);
        }

        Validators.Add(result =>
        {
            if (result.GetValue(json) && result.GetValue(file) is null)
            {
                result.AddError("--json prints a summary and needs --out: without it the responses themselves are on standard output.");
            }
        });
        SetAction((parse, cancel) => Task.FromResult(Run(parse, cancel)));
    }

    public override IReadOnlyList<string> Examples { get; } =
    [
        "goodhart sample pythia-160m --prompts tldr.jsonl --max-new-tokens 64 --out responses.jsonl",
        "goodhart sample my-model --prompts prompts.jsonl --samples 4 --temperature 0.7 --seed 1 --limit 10",
        "goodhart sample my-model --prompts prompts.jsonl --config sample.yaml",
    ];

    private int Run(ParseResult parse, CancellationToken cancel)
    {
        ResponseOptions options = prompts.Responses(parse) with { Temperature = parse.GetValue(temperature) };
        options.Validate();
        using CpuDevice device = new(parse.GetValue(threads));
        using LoadedModel loaded = LoadedModel.Open(device, parse.GetValue(model)!);
        ModelLine.Write(Error(parse), parse.GetValue(quiet), loaded);
        IReadOnlyList<PromptRow> rows = prompts.Read(parse, loaded);
        SampleRun run = new(loaded, options);
        IProgress<WorkDone> progress = CountProgress.On(Error(parse), "prompts sampled", parse.GetValue(quiet));
        if (parse.GetValue(file) is not { } path)
        {
            run.Run(rows, new StreamedLines(Out(parse)), progress, cancel);
            return ExitCode.Done;
        }

        using ResumableLines lines = ResumableLines.Open(path, Identity(parse, device, options, rows.Count), options.Samples);
        SampleSummary summary = run.Run(rows, lines, progress, cancel);
        Out(parse).WriteLine(parse.GetValue(json)
            ? JsonSerializer.Serialize(new { file = Path.GetFullPath(path), summary }, JsonLayout.Options)
            : FormattableString.Invariant(
                $"{summary.Responses:N0} responses ({summary.Resumed:N0} from before), {summary.MeanLength:0.0} tokens on average, ")
            + FormattableString.Invariant($"{summary.EosRate:P0} ended with EOS: {path}"));
        return ExitCode.Done;
    }

    private JsonObject Identity(ParseResult parse, CpuDevice device, ResponseOptions options, int rows) => RunIdentity.Of(
        "sample",
        device,
        new Dictionary<string, ExternalInput>
        {
            ["model"] = new InputFolder(parse.GetValue(model)!),
            ["prompts"] = new InputFile(parse.GetValue(prompts.File)!),
        },
        new { options.Samples, options.Temperature, options.MaxNewTokens, options.Seed, rows });
}
