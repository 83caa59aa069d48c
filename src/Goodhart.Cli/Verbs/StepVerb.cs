using System.CommandLine;
using System.Text.Json;
using Goodhart.Cli.Devices;
using Goodhart.Cli.Live;
using Goodhart.Cli.Parsing;
using Goodhart.Cli.Stages;
using Goodhart.Pipeline;
using Goodhart.Studies.Configuration;
using Goodhart.Studies.Running;
using Goodhart.Text;

namespace Goodhart.Cli.Verbs;

/// <summary><c>goodhart step</c>: one step of a study and nothing else, the contract that every executor submits.</summary>
internal sealed class StepVerb : Verb
{
    private readonly Argument<string> name = new("NAME-KEY")
    {
        Description = "The step as its folder is named; `goodhart study --export-tasks` lists them.",
    };

    private readonly Option<string> folder = new("--study")
    {
        Description = "The study's folder, which `goodhart study` or its --export-tasks has made.",
        HelpName = "DIR",
        Required = true,
    };

    private readonly DeviceOptions device = new();
    private readonly MemoryOptions memory = new();
    private readonly Option<bool> quiet = new("--quiet") { Description = "No progress, only the result." };
    private readonly Option<bool> json = CommonOptions.Json();

    public StepVerb()
        : base("step", "Run one step of a study, for a scheduler: done twice it is done once. Exit 75: not ready, try again later.")
    {
        Arguments.Add(name);
        Array.ForEach<Option>([folder, .. device.All, .. memory.All, quiet, json], Options.Add);
        SetAction(RunAsync);
    }

    public override IReadOnlyList<string> Examples { get; } =
        ["goodhart step preference-segment-0123456789abcdef --study study-default --threads 1"];

    private async Task<int> RunAsync(ParseResult parse, CancellationToken cancel)
    {
        string step = parse.GetValue(name)!;
        string directory = parse.GetValue(folder)!;
        StudyDefinition study = Read(directory);
        StepOutcome outcome;
        await using (StudyProgress progress = new(parse.GetValue(json) ? Error(parse) : Out(parse), parse.GetValue(quiet)))
        {
            outcome = await new StudyRun(study, new StudyRunOptions
            {
                Directory = directory,
                Threads = device.Threads(parse),
                Workers = 1,
                TrainingMemory = memory.Of(parse),
                CreateDevice = device.Maker(parse),
                Version = GoodhartCommand.Version,
                Observer = progress.Observer,
                Note = ModelNotes.To(Error(parse), parse.GetValue(quiet)),
            }).RunStepAsync(step, cancel);
        }

        if (parse.GetValue(json))
        {
            Out(parse).WriteLine(JsonSerializer.Serialize(new { step, outcome.Ran, outcome.Missing }, JsonLayout.Options));
        }
        else if (!outcome.NotReady)
        {
            Out(parse).WriteLine(outcome.Ran ? $"{step}: stored" : $"{step}: was stored before");
        }

        if (!outcome.NotReady)
        {
            return ExitCode.Done;
        }

        Error(parse).WriteLine(
            $"{step} is not ready: {Quantity.Of(outcome.Missing.Count, "step")} must be stored first, for example {outcome.Missing[0]}.");
        return ExitCode.NotReady;
    }

    private static StudyDefinition Read(string directory)
    {
        string path = Path.Combine(directory, StudyRun.StudyFileName);
        if (!StudyDirectory.IsOurs(directory) || !File.Exists(path))
        {
            throw new FileNotFoundException(
                $"no {StudyRun.StudyFileName} in {directory}: expected the folder of a study. `goodhart study --export-tasks FILE --out "
                + $"{directory}` makes one.");
        }

        try
        {
            return StudyJson.Read(File.ReadAllText(path));
        }
        catch (JsonException cause)
        {
            throw new InvalidDataException($"{path}: {cause.Message} Run `goodhart study` again, which writes it anew.", cause);
        }
    }
}
