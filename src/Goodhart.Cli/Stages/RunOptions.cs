using System.CommandLine;
using Goodhart.Cli.Parsing;
using Goodhart.Engine.Cpu;
using Goodhart.Models.Scoring;
using Goodhart.Pipeline;
using Goodhart.Steps.Runs;

namespace Goodhart.Cli.Stages;

/// <summary>Where a stage writes and on what it runs.</summary>
internal sealed class RunOptions
{
    private readonly Option<string> folder = new("--out")
    {
        Description = "The run's folder. The same folder again resumes, and redoes only what changed.",
        HelpName = "DIR",
        Required = true,
    };

    private readonly Option<int> threads = CommonOptions.Threads();
    private readonly Option<int> rowBudget = NumberOption.Whole(
        "--row-budget", 1, ResponseScorer.DefaultRowBudget, "Token rows computed at once; changes memory and speed and no bit of the result.");

    private readonly ConfigOption config = new();
    private readonly Option<bool> quiet = new("--quiet") { Description = "No progress, only the result." };
    private readonly Option<bool> json = CommonOptions.Json();

    public IReadOnlyList<Option> All => [folder, threads, rowBudget, config, quiet, json];

    public bool IsQuiet(ParseResult parse) => parse.GetValue(quiet);

    public bool IsJson(ParseResult parse) => parse.GetValue(json);

    public StageEnvironment Of(ParseResult parse, IRunObserver? observer) => new()
    {
        Directory = parse.GetValue(folder)!,
        Threads = parse.GetValue(threads),
        RowBudget = parse.GetValue(rowBudget),
        CreateDevice = count => new CpuDevice(count),
        Version = GoodhartCommand.Version,
        Observer = observer,
        Note = IsQuiet(parse) ? null : parse.InvocationConfiguration.Error.WriteLine,
    };
}
