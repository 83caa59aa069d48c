using System.CommandLine;
using System.CommandLine.Parsing;
using Goodhart.Cli.Devices;
using Goodhart.Cli.Live;
using Goodhart.Cli.Parsing;
using Goodhart.Models.Scoring;
using Goodhart.Pipeline;
using Goodhart.Steps.Runs;

namespace Goodhart.Cli.Stages;

/// <summary>Where a stage writes and on what it runs.</summary>
/// <param name="needsFolder">False where the verb can be asked for what needs no folder, and sees to it itself.</param>
internal sealed class RunOptions(bool needsFolder)
{
    private readonly Option<string> folder = new("--out")
    {
        Description = "The run's folder. The same folder again resumes, and redoes only what changed.",
        HelpName = "DIR",
        Required = needsFolder,
    };

    private readonly Option<int> rowBudget = NumberOption.Whole(
        "--row-budget", 1, ResponseScorer.DefaultRowBudget,
        "Token rows computed at once; changes memory and speed and, on the cpu, no bit of the result.");

    private readonly ConfigOption config = new();
    private readonly Option<bool> quiet = CommonOptions.Quiet();
    private readonly Option<bool> json = CommonOptions.Json();

    public IReadOnlyList<Option> All => [folder, .. Devices.All, rowBudget, config, quiet, json];

    public DeviceOptions Devices { get; } = new();

    public bool HasFolder(CommandResult command) => command.GetResult(folder) is not null;

    public bool IsQuiet(ParseResult parse) => parse.GetValue(quiet);

    public bool IsJson(ParseResult parse) => parse.GetValue(json);

    public StageEnvironment Of(ParseResult parse, IRunObserver? observer) => new()
    {
        Directory = parse.GetValue(folder) ?? "",
        Threads = Devices.Threads(parse),
        RowBudget = parse.GetValue(rowBudget),
        CreateDevice = Devices.Maker(parse),
        Version = GoodhartCommand.Version,
        Command = CommandText.Of(parse),
        Observer = observer,
        Note = ModelNotes.To(parse.InvocationConfiguration.Error, IsQuiet(parse)),
    };
}
