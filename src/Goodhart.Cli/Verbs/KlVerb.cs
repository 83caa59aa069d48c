using System.CommandLine;
using System.Globalization;
using Goodhart.Cli.Live;
using Goodhart.Cli.Parsing;
using Goodhart.Pipeline;
using Goodhart.Steps.Folders;
using Goodhart.Steps.Measuring;
using Spectre.Console;

namespace Goodhart.Cli.Verbs;

/// <summary><c>goodhart kl</c>: the divergence of two models.</summary>
internal sealed class KlVerb : Verb
{
    private readonly Argument<string> policy = CommonOptions.Model("MODEL", "The policy");
    private readonly Argument<string> reference = CommonOptions.Model("REFERENCE", "The reference");
    private readonly PromptOptions prompts = new();
    private readonly LineOptions lines = new(
        "Also write every sampled response's figures as JSON lines; the same command continues it after an interruption.");

    public KlVerb()
        : base(
            "kl",
            "KL between two models on prompts, both ways, each over its own samples: exact per token and k1, in nats; "
            + "standard errors are over prompts.") =>
        Take([policy, reference, .. prompts.All, .. lines.All], RunAsync);

    public override IReadOnlyList<string> Examples { get; } =
    [
        "goodhart kl aligned sft --prompts prompts.jsonl --max-new-tokens 64",
        "goodhart kl aligned sft --prompts prompts.jsonl --samples 4 --limit 256 --out kl.jsonl --json",
    ];

    private async Task<int> RunAsync(ParseResult parse, CancellationToken cancel)
    {
        CountProgress progress = lines.Progress(parse, "prompt", "measured");
        EstimateKl step = new()
        {
            Policy = ModelFiles.Input(parse.GetValue(policy)!),
            Reference = ModelFiles.Input(parse.GetValue(reference)!),
            Prompts = new InputFile(parse.GetValue(prompts.File)!),
            Reading = prompts.Reading(parse),
            Chat = prompts.Chat(parse, parse.GetValue(policy)!, progress.Note),
            Limit = prompts.Limit(parse),
            Sampling = prompts.Sampling(parse),
            Progress = progress,
        };
        KlReport report = await lines.RunAsync(parse, step, TextWriter.Null, cancel);
        if (lines.IsJson(parse))
        {
            Out(parse).WriteLine(JsonLayout.Text(report));
        }
        else
        {
            Write(report, Ansi.On(Out(parse)));
        }

        return ExitCode.Done;
    }

    private static void Write(KlReport report, IAnsiConsole console)
    {
        Table table = Ansi.Table(
            "direction", "estimator", "nats per response", "nats per token", "prompts", "responses", "mean length", "EOS");
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
                Text(direction.Prompts, "N0"), Text(direction.Responses, "N0"), Text(direction.MeanLength, "0.0"),
                Text(direction.EosRate, "P0"));
        }
    }

    private static string WithError(double value, double? error) =>
        error is { } known ? $"{Text(value, "0.00000")} ± {Text(known, "0.00000")}" : Text(value, "0.00000");

    private static string Text(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
