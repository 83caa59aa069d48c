using System.CommandLine;
using Goodhart.Cli.Parsing;
using Goodhart.Pipeline;
using Goodhart.Studies.Reporting;
using Goodhart.Studies.Trees;

namespace Goodhart.Cli.Verbs;

/// <summary><c>goodhart report</c>: draws a study's report again from its results.json.</summary>
internal sealed class ReportVerb : Verb
{
    private const string Results = "results.json";

    private readonly Argument<string> folder = TextArgument.Of("DIR", "A study's folder: one that holds results.json.");
    private readonly Option<string?> table = TextOption.OrNone(
        "--table", string.Join('|', StudyTables.Names), "Print a chapter's tables as Markdown instead, for a document; write nothing.");

    private readonly Option<bool> json = CommonOptions.Json();

    public ReportVerb()
        : base("report", "Draw report.html and the figures again from a study's results.json; nothing is computed.")
    {
        Take([folder, table, json], Run);
        Validators.Add(result =>
        {
            if (result.GetValue(table) is { } name && !StudyTables.Names.Contains(name))
            {
                result.AddError(
                    $"{table.Name}: expected one of {string.Join(", ", StudyTables.Names)}, found '{name}'. Example: {table.Name} "
                        + StudyTables.Names[0]);
            }

            if (result.GetValue(table) is not null && result.GetValue(json))
            {
                result.AddError($"{table.Name} prints Markdown: leave out {json.Name}; the numbers are in {Results}.");
            }
        });
    }

    public override IReadOnlyList<string> Examples { get; } =
        ["goodhart report study-default", "goodhart report study-remedies --table remedies"];

    private int Run(ParseResult parse)
    {
        string directory = parse.GetValue(folder)!;
        string results = Path.Combine(directory, Results);
        if (!File.Exists(results))
        {
            throw new FileNotFoundException(
                $"no {Results} in {directory}: expected the folder of a finished study. "
                + $"`goodhart study --out {directory}` makes one.");
        }

        if (!StudyDirectory.IsOurs(directory))
        {
            throw new InvalidDataException($"{directory} was not made by `goodhart study`, so nothing is written there.");
        }

        if (parse.GetValue(table) is { } chapter)
        {
            Out(parse).Write(StudyTables.Markdown(StudyResultsFile.Read(results), chapter));
            return ExitCode.Done;
        }

        using HeldDirectory held = HeldDirectory.Take(directory);   // a study that runs writes the same files
        StudyReport.Write(
            StudyResultsFile.Read(results) with { Tree = StudyDirectory.NewestResult<TreeResults>(directory, "tree-study") }, directory);
        string page = Path.GetFullPath(Path.Combine(directory, "report.html"));
        Out(parse).WriteLine(parse.GetValue(json) ? JsonLayout.Text(new { report = page }) : page);
        return ExitCode.Done;
    }
}
