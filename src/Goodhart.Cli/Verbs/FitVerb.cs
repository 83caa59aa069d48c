using System.CommandLine;
using Goodhart.Cli.Fitting;
using Goodhart.Cli.Parsing;
using Goodhart.Evaluation.Fits;
using Goodhart.Evaluation.Points;
using Goodhart.Pipeline;

namespace Goodhart.Cli.Verbs;

/// <summary><c>goodhart fit</c>: scaling-law fits of anybody's points.</summary>
internal sealed class FitVerb : Verb
{
    private readonly Argument<string> points = TextArgument.Of(
        "POINTS.csv", "Points with columns kl or sqrtKl, winRate, and any columns to group by. "
            + "The SFT model is a row with an empty loss and kl 0.");

    private readonly Option<string?> groupBy = TextOption.OrNone(
        "--group-by", "a,b", "Columns that make a group, with commas between. Default: loss and model, where the file has them.");

    private readonly Option<string> law = TextOption.Of(
        "--law", "gao,...", string.Join(',', LawNames.All), $"Laws to fit, with commas between: {string.Join(", ", LawNames.All)}.");

    private readonly Option<InterceptKind> intercept = ChoiceOption.Of(
        "--intercept",
        InterceptKind.Sft,
        "Value at KL 0: the SFT model's win rate, a free coefficient, or none (zero on the law's scale, as the paper prints it; for "
            + "gao-logit that is a win rate of one half).");

    private readonly Option<double?> sftWinRate = NumberOption.OrNone(
        "--sft-win-rate", NumberRule.Share(0.5), "The SFT model's win rate, from 0 to 1, where the file has no row for it.");

    private readonly Option<ulong> seed = CommonOptions.Seed("the bootstrap behind the intervals");
    private readonly Option<string?> folder = TextOption.OrNone("--out", "DIR", "Folder for fits.json and fits.csv.");
    private readonly Option<bool> json = CommonOptions.Json();

    public FitVerb()
        : base("fit", "Fit Eq. (5), R(d) = R₀ + d (α − β ln d) with d = √KL, and its rivals to points of any origin.") =>
        Take([points, groupBy, law, intercept, sftWinRate, seed, folder, json], Run);

    public override IReadOnlyList<string> Examples { get; } =
    [
        "goodhart fit study-default/points.csv",
        "goodhart fit mine.csv --group-by method --law gao --intercept free --out fits",
    ];

    private int Run(ParseResult parse)
    {
        FitOptions options = new()
        {
            Laws = LawNames.Parse(parse.GetValue(law)!),
            Intercept = parse.GetValue(intercept),
            SftWinRate = parse.GetValue(sftWinRate),
            GroupBy = parse.GetValue(groupBy) is { } columns ? CommaList.Split(columns) : null,
            Seed = parse.GetValue(seed),
        };
        FitReport report = FitReport.OfCurve(PointsFile.ReadCurve(Existing(parse.GetValue(points)!)), options);
        if (report.Fits.Count == 0)
        {
            throw new InvalidDataException($"{parse.GetValue(points)}: nothing to fit. {string.Join("; ", report.Skipped)}");
        }

        if (parse.GetValue(folder) is { } target)
        {
            using HeldDirectory held = HeldDirectory.Take(target);
            FitFiles.Write(report, held.Path);
        }

        if (parse.GetValue(json))
        {
            Out(parse).WriteLine(JsonLayout.Text(report));
            return ExitCode.Done;
        }

        Ansi.On(Out(parse)).Write(FitTable.Of(report.Fits));
        foreach (string reason in report.Skipped)
        {
            Error(parse).WriteLine($"skipped {reason}");
        }

        return ExitCode.Done;
    }

    private static string Existing(string file) => File.Exists(file)
        ? Path.GetFullPath(file)
        : throw new FileNotFoundException($"no points file {file}; expected a CSV with columns kl (or sqrtKl) and winRate.");
}
