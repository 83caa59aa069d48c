using System.CommandLine;
using Goodhart.Cli.Alarms;
using Goodhart.Cli.Parsing;
using Goodhart.Evaluation.Alarms;
using Goodhart.Pipeline;
using Goodhart.Studies.Reporting;
using Goodhart.Studies.Wording;
using Goodhart.Text;

namespace Goodhart.Cli.Verbs;

/// <summary><c>goodhart alarm</c>: whether runs are past their peak, without a judge, and what that is worth.</summary>
internal sealed class AlarmVerb : Verb
{
    private readonly Argument<string[]> folders = TextArgument.Several(
        "DIR", least: 0,
        "A study's folder, finished or not, that of an evaluation, or a points.csv or evaluation.csv. Without one: how good "
            + "the alarm is.");

    private readonly Option<string?> table = TextOption.OrNone(
        "--table", "FILE.csv", "What to learn from, as --collect writes it. Default: the shipped table of small worlds.");

    private readonly Option<string?> collect = TextOption.OrNone(
        "--collect", "FILE.csv", "Write a table to learn from, of the finished and judged studies DIR..., and do nothing else.");

    private readonly Option<double> detection = NumberOption.Of(
        "--detection", NumberRule.Between(0, 1, 0.8), 0.8,
        "Share of the checkpoints past their peak that the alarm is to be raised at. More of them, more false alarms.");

    private readonly Option<string?> folder = TextOption.OrNone("--out", "DIR", "Folder for alarm.json, report.html and figures/.");

    private readonly Option<bool> json = CommonOptions.Json();

    public AlarmVerb()
        : base("alarm", "Tell without a judge whether runs are past their peak, and how often such an alarm is wrong.")
    {
        Take([folders, table, collect, detection, folder, json], Run);
        Validators.Add(result =>
        {
            int given = result.GetValue(folders)!.Length;
            bool collects = result.GetValue(collect) is not null;
            if (collects && (given == 0 || result.GetValue(table) is not null || result.GetValue(folder) is not null))
            {
                result.AddError("--collect: expected the studies' folders before it, and neither --table nor --out.");
            }

            if (collects && result.GetResult(detection) is { Implicit: false })
            {
                result.AddError("--detection: a table is collected without it; give it where the table is used, with --table.");
            }

            if (!collects && given > 1)
            {
                result.AddError("DIR: expected one folder, or --collect with several.");
            }
        });
    }

    public override IReadOnlyList<string> Examples { get; } =
    [
        "goodhart alarm",
        "goodhart alarm quick --out alarm",
        "goodhart alarm mine/evaluation.csv --detection 0.9",
        "goodhart alarm study-a study-b --collect table.csv",
    ];

    private int Run(ParseResult parse)
    {
        string[] asked = parse.GetValue(folders)!;
        if (parse.GetValue(collect) is { } target)
        {
            return Collect(parse, asked, target);
        }

        AlarmTable known = parse.GetValue(table) is { } path ? AlarmTable.Read(path) : AlarmTable.Shipped();
        AlarmTestOptions options = new(parse.GetValue(detection));
        AlarmReport report = asked is [{ } one]
            ? AlarmReport.Of(known, AlarmSource.Read(one), options)
            : AlarmReport.OfTable(known, options);
        string text = JsonLayout.Text(report);
        if (parse.GetValue(folder) is { } place)
        {
            using HeldDirectory held = HeldDirectory.Take(place);
            AtomicFile.WriteAllText(Path.Combine(held.Path, "alarm.json"), text + "\n");
            AlarmPage.Write(report, held.Path);
        }

        TextWriter output = Out(parse);
        if (parse.GetValue(json))
        {
            output.WriteLine(text);
            return ExitCode.Done;
        }

        Write(output, report);
        return ExitCode.Done;
    }

    private static void Write(TextWriter output, AlarmReport report)
    {
        if (report.Runs.Count > 0)
        {
            output.WriteLine(FormattableString.Invariant(
                $"Is a run past its peak? The alarm is raised from {100 * report.Threshold:0} % on."));
            Ansi.On(output).Write(AlarmTables.Runs(report));
            if (report.Missing.Count > 0)
            {
                output.WriteLine($"Not measured here, or not in the table, and so not seen: {string.Join(", ", report.Missing)}.");
            }
        }

        output.WriteLine($"What that is worth. {AlarmWords.Truth(report.Test)}");
        Ansi.On(output).Write(AlarmTables.Test(report.Test));
        output.WriteLine(AlarmWords.Verdict(report.Test));
        output.WriteLine("What speaks for an alarm (weight above 0) and what against:");
        Ansi.On(output).Write(AlarmTables.Model(report.Model));
    }

    private int Collect(ParseResult parse, string[] asked, string target)
    {
        AlarmTable all = new([.. asked.SelectMany(one => AlarmSource.Learn(one, Error(parse).WriteLine).Rows)]);
        if (all.Rows.Count == 0)
        {
            throw new InvalidDataException("no judged run of a loss on pairs in these folders: --collect takes studies with win rates.");
        }

        int runs = all.Rows.Select(row => row.Run).Distinct().Count();
        if (all.Rows.GroupBy(row => (row.Run, row.Fraction)).FirstOrDefault(same => same.Count() > 1) is { } twice)
        {
            AlarmRow row = twice.First();
            string twiceThere = FormattableString.Invariant($"{row.Loss}/{row.Model} β {row.Beta} of {row.World} is in two of the folders");
            throw new InvalidDataException(
                $"{twiceThere}: name each study once, and of studies that differ only in what a table does not hold (learning rate, pairs) "
                + "one.");
        }

        using StringWriter writer = new();
        all.Write(writer);
        AtomicFile.WriteAllText(target, writer.ToString());
        Out(parse).WriteLine(parse.GetValue(json)
            ? JsonLayout.Text(new { table = Path.GetFullPath(target), runs, checkpoints = all.Rows.Count })
            : $"{Quantity.Of(runs, "run")}, {Quantity.Of(all.Rows.Count, "checkpoint")} in {target}");
        return ExitCode.Done;
    }
}
