using System.CommandLine;
using Goodhart.Cli.Forecasting;
using Goodhart.Cli.Parsing;
using Goodhart.Evaluation.Forecasts;
using Goodhart.Pipeline;
using Goodhart.Studies.Reporting;

namespace Goodhart.Cli.Verbs;

/// <summary><c>goodhart forecast</c>: where runs and sweeps will peak, whether to stop, and how often that would have been right.</summary>
internal sealed class ForecastVerb : Verb
{
    private readonly Argument<string> study = TextArgument.Of(
        "DIR", "A study's folder (then comparisons are paired over its prompts), or a points.csv of any origin.");

    private readonly Option<int?> seen = NumberOption.OrNone(
        "--seen", NumberRule.Whole(1, 2), "Checkpoints of each run that have been measured. Default: all there are.");

    private readonly Option<int?> seenBetas = NumberOption.OrNone(
        "--seen-betas",
        NumberRule.Whole(1, 2),
        "β of each sweep that have been run, from the largest (the smallest KL budget) down. Default: the larger half.");

    private readonly Option<double> alpha = NumberOption.Of(
        "--alpha",
        NumberRule.Between(0, 1, 0.05),
        0.05,
        "Stop where the latest checkpoint is worse than the best so far with a one-sided p below this.");

    private readonly Option<string?> folder = TextOption.OrNone("--out", "DIR", "Folder for forecast.json, report.html and figures/.");

    private readonly Option<bool> json = CommonOptions.Json();

    public ForecastVerb()
        : base("forecast", "Forecast where runs and sweeps peak and whether to stop now, and test the advice on the study itself.") =>
        Take([study, seen, seenBetas, alpha, folder, json], Run);

    public override IReadOnlyList<string> Examples { get; } =
    [
        "goodhart forecast study-default",
        "goodhart forecast study-default --seen 2 --out forecast",
    ];

    private int Run(ParseResult parse)
    {
        ForecastReport report = ForecastInput.Forecast(parse.GetValue(study)!, Requested(parse));
        string text = JsonLayout.Text(report);
        if (parse.GetValue(folder) is { } target)
        {
            using HeldDirectory held = HeldDirectory.Take(target);
            AtomicFile.WriteAllText(Path.Combine(held.Path, "forecast.json"), text + "\n");
            ForecastPage.Write(report, held.Path);
        }

        TextWriter output = Out(parse);
        if (parse.GetValue(json))
        {
            output.WriteLine(text);
            return ExitCode.Done;
        }

        output.WriteLine("Is a run's last checkpoint worse than its best?");
        Ansi.On(output).Write(ForecastTables.Declines(report));
        output.WriteLine($"Runs, from the checkpoints seen: {report.Rule}.");
        Ansi.On(output).Write(ForecastTables.Runs(report));
        output.WriteLine("Sweeps, from their larger β: where Eq. (5) will peak, by the other groups' peaks.");
        Ansi.On(output).Write(ForecastTables.Sweeps(report));
        output.WriteLine($"Back-test on these runs ({report.Measurement}):");
        Ansi.On(output).Write(ForecastTables.BackTest(report));
        return ExitCode.Done;
    }

    private ForecastOptions Requested(ParseResult parse) => new()
    {
        SeenCheckpoints = parse.GetValue(seen),
        SeenBetas = parse.GetValue(seenBetas),
        Rule = new SignificantDecline(parse.GetValue(alpha)),
    };
}
