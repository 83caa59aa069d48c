using System.CommandLine;
using System.Globalization;
using Goodhart.Cli.Devices;
using Goodhart.Cli.Live;
using Goodhart.Cli.Parsing;
using Goodhart.Studies.Verification;
using Goodhart.Text;
using Spectre.Console;

namespace Goodhart.Cli.Verbs;

/// <summary><c>goodhart verify</c>: a correctness certificate on the user's own model.</summary>
internal sealed class VerifyVerb : Verb
{
    private readonly Argument<string> model = CommonOptions.Model("MODEL", "The model");
    private readonly Argument<string?> reference = TextArgument.OrNone(
        "REFERENCE", "A reference with the same vocabulary: adds a check of the loss against it.").AcceptHubNameOrNone();

    private readonly Option<string?> data = TextOption.OrNone(
        "--data", "FILE", "Preference pairs (text, or promptIds, chosenIds, rejectedIds). Default: random tokens.").AcceptDataNameOrNone();

    private readonly Option<int> pairs = NumberOption.Whole("--pairs", 1, 4, "Pairs to use: the first that fit.");

    private readonly Option<ulong> seed = CommonOptions.Seed("random rows and sampled responses");
    private readonly DeviceOptions device = new();
    private readonly Option<bool> quiet = CommonOptions.Quiet();
    private readonly Option<bool> json = CommonOptions.Json();

    public VerifyVerb()
        : base(
            "verify",
            "Check a model on this machine: loss and rewards at step 0, what must change no bit, the fast path against plain equations.") =>
        Take([model, reference, data, pairs, seed, .. device.All, new ConfigOption(), quiet, json], Run);

    public override IReadOnlyList<string> Examples { get; } =
    [
        "goodhart verify pythia-160m",
        "goodhart verify aligned sft --data pairs.jsonl --threads 4",
    ];

    private int Run(ParseResult parse, CancellationToken cancel)
    {
        VerificationOptions options = new()
        {
            Model = parse.GetValue(model)!,
            Reference = parse.GetValue(reference),
            Data = parse.GetValue(data),
            Pairs = parse.GetValue(pairs),
            Seed = parse.GetValue(seed),
            Threads = device.Threads(parse),
        };
        TextWriter? progress = parse.GetValue(quiet) ? null : Error(parse);
        VerificationReport report = new ModelVerification(
            options, device.Maker(parse), name => progress?.WriteLine($"checking {name}"),
            ModelNotes.To(Error(parse), parse.GetValue(quiet))).Run(cancel);
        if (parse.GetValue(json))
        {
            Out(parse).WriteLine(JsonLayout.Text(report));
        }
        else
        {
            Write(report, Ansi.On(Out(parse)));
        }

        return report.Passed ? ExitCode.Done : ExitCode.Failed;
    }

    private static void Write(VerificationReport report, IAnsiConsole console)
    {
        Table table = Ansi.Table("check", "compared", "largest difference", "tolerance", "result");
        foreach (CheckResult check in report.Checks)
        {
            table.AddText(check.Name, check.Compared, Text(check.Figure), Text(check.Tolerance), check.Passed ? "pass" : "FAIL");
        }

        console.Write(table);
        console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{report.Checks.Count(check => check.Passed)} of {report.Checks.Count} passed: {report.Model} on {report.Device}, "
            + $"{Quantity.Of(report.Threads, "thread")}, {Quantity.Of(report.Pairs, "pair")} ({report.Data}); "
            + $"nats; weights as they are, or by how far training moved them where the device promises no bits"));
    }

    private static string Text(double value) => value == 0 ? "0" : value.ToString("0.0e+0", CultureInfo.InvariantCulture);
}
