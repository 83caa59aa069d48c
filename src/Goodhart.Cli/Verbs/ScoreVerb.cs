using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Goodhart.Cli.Live;
using Goodhart.Cli.Parsing;
using Goodhart.Engine.Cpu;
using Goodhart.Pipeline;
using Goodhart.Studies.Tools;

namespace Goodhart.Cli.Verbs;

/// <summary><c>goodhart score</c>: log-probs of given responses.</summary>
internal sealed class ScoreVerb : Verb
{
    private readonly Argument<string> model = CommonOptions.Model("MODEL", "The model");
    private readonly Option<string> data = new("--data")
    {
        Description = "Rows with prompt and response (text), or promptIds and responseIds, which go first where a row has both.",
        Required = true,
        HelpName = "FILE",
    };

    private readonly Option<bool> noEos = new("--no-eos")
    {
        Description = "Score text responses as they are. Without it EOS is appended to them and counted. Ids are never changed.",
    };

    private readonly Option<string> file = new("--out")
    {
        Description = "JSON lines file; the same command continues it after an interruption. Default: standard output.",
        HelpName = "FILE.jsonl",
    };

    private readonly Option<int> threads = CommonOptions.Threads();
    private readonly Option<bool> quiet = CommonOptions.Quiet();
    private readonly Option<bool> json = CommonOptions.Json();

    public ScoreVerb()
        : base("score", "Log-probs of given responses, in nats: every row again as a JSON line, with logProb and tokenLogProbs added or replaced.")
    {
        Arguments.Add(model);
        Array.ForEach<Option>([data, noEos, file, threads, new ConfigOption(), quiet, json], Options.Add);
        Validators.Add(result =>
        {
            if (result.GetValue(json) && result.GetValue(file) is null)
            {
                result.AddError("--json prints a summary and needs --out: without it the rows themselves are on standard output.");
            }
        });
        SetAction((parse, cancel) => Task.FromResult(Run(parse, cancel)));
    }

    public override IReadOnlyList<string> Examples { get; } =
    [
        "goodhart score my-model --data responses.jsonl --out scored.jsonl",
        "goodhart score my-model --data responses.jsonl --no-eos",
    ];

    private int Run(ParseResult parse, CancellationToken cancel)
    {
        using CpuDevice device = new(parse.GetValue(threads));
        using LoadedModel loaded = LoadedModel.Open(device, parse.GetValue(model)!);
        ModelLine.Write(Error(parse), parse.GetValue(quiet), loaded);
        string input = parse.GetValue(data)!;
        IEnumerable<ResponseRow> rows = ResponseFile.Read(loaded, input, appendEos: !parse.GetValue(noEos));

        // Reads and checks every row before the first is scored: a mistake in the last line should not show after hours.
        int total = rows.Count();
        if (total == 0)
        {
            throw new InvalidDataException($"{input}: expected responses, found no row.");
        }

        ScoreRun run = new(loaded);
        IProgress<WorkDone> progress = CountProgress.On(Error(parse), "rows scored", parse.GetValue(quiet));
        if (parse.GetValue(file) is not { } path)
        {
            run.Run(rows, total, new StreamedLines(Out(parse)), progress, cancel);
            return ExitCode.Done;
        }

        Dictionary<string, ExternalInput> inputs = new()
        {
            ["model"] = new InputFolder(parse.GetValue(model)!),
            ["data"] = new InputFile(input),
        };
        using ResumableLines lines = ResumableLines.Open(path, RunIdentity.Of("score", device, inputs, new { noEos = parse.GetValue(noEos) }), 1);
        Announce(parse, path, run.Run(rows, total, lines, progress, cancel));
        return ExitCode.Done;
    }

    private void Announce(ParseResult parse, string path, ScoreSummary summary)
    {
        string mean = summary.NatsPerToken is { } nats
            ? string.Create(CultureInfo.InvariantCulture, $", {nats:0.0000} nats per token on average")
            : "";
        Out(parse).WriteLine(parse.GetValue(json)
            ? JsonSerializer.Serialize(new { file = Path.GetFullPath(path), summary }, JsonLayout.Options)
            : string.Create(CultureInfo.InvariantCulture, $"{summary.Rows:N0} rows ({summary.Resumed:N0} from before){mean}: {path}"));
    }
}
