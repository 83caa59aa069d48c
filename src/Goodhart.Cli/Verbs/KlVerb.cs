using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Goodhart.Cli.Live;
using Goodhart.Cli.Parsing;
using Goodhart.Cli.Terminal;
using Goodhart.Engine.Cpu;
using Goodhart.Pipeline;
using Goodhart.Studies.Tools;
using Spectre.Console;

namespace Goodhart.Cli.Verbs;

/// <summary><c>goodhart kl</c>: the divergence of two models.</summary>
internal sealed class KlVerb : Verb
{
    private readonly Argument<string> policy = CommonOptions.Model("MODEL", "The policy");
    private readonly Argument<string> reference = CommonOptions.Model("REFERENCE", "The reference");
    private readonly PromptOptions prompts = new();
    private readonly Option<string> file = new("--out")
    {
        Description = "Also write every sampled response's figures as JSON lines; the same command continues it after an interruption.",
        HelpName = "FILE.jsonl",
    };

    private readonly Option<int> threads = CommonOptions.Threads();
    private readonly Option<bool> quiet = CommonOptions.Quiet();
    private readonly Option<bool> json = CommonOptions.Json();

    public KlVerb()
        : base(
            "kl",
            "KL between two models on prompts, both ways, each over its own samples: exact per token and k1, in nats; "
            + "standard errors are over prompts.")
    {
        Arguments.Add(policy);
        Arguments.Add(reference);
        foreach (Option option in (Option[])[.. prompts.All, file, threads, new ConfigOption(), quiet, json])
        {
            Options.Add(option);
        }

        SetAction((parse, cancel) => Task.FromResult(Run(parse, cancel)));
    }

    public override IReadOnlyList<string> Examples { get; } =
    [
        "goodhart kl aligned sft --prompts prompts.jsonl --max-new-tokens 64",
        "goodhart kl aligned sft --prompts prompts.jsonl --samples 4 --limit 256 --out kl.jsonl --json",
    ];

    private int Run(ParseResult parse, CancellationToken cancel)
    {
        using CpuDevice device = new(parse.GetValue(threads));
        using LoadedModel first = LoadedModel.Open(device, parse.GetValue(policy)!);
        using LoadedModel second = LoadedModel.Open(device, parse.GetValue(reference)!);
        ModelLine.Write(Error(parse), parse.GetValue(quiet), first, second);
        ResponseOptions options = prompts.Responses(parse);
        KlRun run = new(first, second, options);
        IReadOnlyList<PromptRow> rows = prompts.Read(parse, first.Model.MaxPositions <= second.Model.MaxPositions ? first : second);
        IProgress<WorkDone> progress = CountProgress.On(Error(parse), "prompts measured", parse.GetValue(quiet));
        KlReport report;
        if (parse.GetValue(file) is { } path)
        {
            using ResumableLines lines = ResumableLines.Open(path, Identity(parse, device, options, rows.Count), options.Samples);
            report = run.Run(rows, lines, progress, cancel);
        }
        else
        {
            report = run.Run(rows, new StreamedLines(TextWriter.Null), progress, cancel);
        }

        if (parse.GetValue(json))
        {
            Out(parse).WriteLine(JsonSerializer.Serialize(report, JsonLayout.Options));
        }
        else
        {
            Write(report, Ansi.On(Out(parse)));
        }

        return ExitCode.Done;
    }

    private JsonObject Identity(ParseResult parse, CpuDevice device, ResponseOptions options, int rows) => RunIdentity.Of(
        "kl",
        device,
        new Dictionary<string, ExternalInput>
        {
            ["model"] = new InputFolder(parse.GetValue(policy)!),
            ["reference"] = new InputFolder(parse.GetValue(reference)!),
            ["prompts"] = new InputFile(parse.GetValue(prompts.File)!),
        },
        new { options.Samples, options.MaxNewTokens, options.Seed, rows });

    private static void Write(KlReport report, IAnsiConsole console)
    {
        Table table = Ansi.Table("direction", "estimator", "nats per response", "nats per token", "prompts", "responses", "mean length", "EOS");
        AddRows(table, "policy to reference", report.PolicyToReference);
        AddRows(table, "reference to policy", report.ReferenceToPolicy);
        console.Write(table);
        console.WriteLine(report.Convention);
    }

    private static void AddRows(Table table, string name, KlDirectionReport direction)
    {
        foreach ((string estimator, KlEstimate kl) in new[] { ("exact", direction.Exact), ("k1", direction.K1) })
        {
            table.AddText(
                name, estimator,
                WithError(kl.Nats, kl.StandardError), WithError(kl.NatsPerToken, kl.NatsPerTokenStandardError),
                Text(direction.Prompts, "N0"), Text(direction.Responses, "N0"), Text(direction.MeanLength, "0.0"), Text(direction.EosRate, "P0"));
        }
    }

    private static string WithError(double value, double? error) =>
        error is { } known ? $"{Text(value, "0.00000")} ± {Text(known, "0.00000")}" : Text(value, "0.00000");

    private static string Text(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
