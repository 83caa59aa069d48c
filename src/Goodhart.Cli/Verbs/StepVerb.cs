using System.CommandLine;
using System.Text.Json;
using Goodhart.Cli.Devices;
using Goodhart.Cli.Executors;
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
    private readonly Argument<string?> name = TextArgument.OrNone(
        "NAME-KEY", "The step as its folder is named; `goodhart study --export-tasks` lists them.");

    private readonly Option<string> folder = TextOption.Required(
        "--study", "DIR", "The study's folder, which `goodhart study` or its --export-tasks has made.");

    private readonly DeviceOptions device = new();
    private readonly MemoryOptions memory = new();
    private readonly Option<bool> server = WorkerOption.Create();
    private readonly Option<bool> quiet = CommonOptions.Quiet();
    private readonly Option<bool> json = CommonOptions.Json();

    public StepVerb()
        : base("step", "Run one step of a study, for a scheduler: done twice it is done once. Exit 75: not ready, try again later.")
    {
        Take([name, folder, .. device.All, .. memory.All, server, quiet, json], RunAsync);
        Validators.Add(result =>
        {
            // What is wrong with the folder is told first: it would be left out beside an error of the whole command.
            if (result.GetResult(folder) is { Tokens.Count: > 0 } && (result.GetValue(name) is null) != result.GetValue(server))
            {
                result.AddError($"expected a step, NAME-KEY, or {server.Name} for steps from standard input.");
            }

            if (result.GetValue(server) && (result.GetValue(quiet) || result.GetValue(json)))
            {
                result.AddError($"{server.Name} answers its parent and nobody else: leave out {quiet.Name} and {json.Name}.");
            }
        });
    }

    public override IReadOnlyList<string> Examples { get; } =
        ["goodhart step preference-segment-0123456789abcdef --study study-default --threads 1"];

    private async Task<int> RunAsync(ParseResult parse, CancellationToken cancel)
    {
        if (parse.GetValue(server))
        {
            return await ServeAsync(parse, cancel);
        }

        string step = parse.GetValue(name)!;
        StepOutcome outcome;
        await using (StudyProgress progress = new(parse.GetValue(json) ? Error(parse) : Out(parse), parse.GetValue(quiet)))
        {
            outcome = await Open(parse, progress.Observer).RunStepAsync(step, cancel);
        }

        if (parse.GetValue(json))
        {
            Out(parse).WriteLine(JsonLayout.Text(new { step, outcome.Ran, outcome.Missing }));
        }
        else if (!outcome.NotReady)
        {
            Out(parse).WriteLine(outcome.Ran ? $"{step}: stored" : $"{step}: was stored before");
        }

        if (!outcome.NotReady)
        {
            return ExitCode.Done;
        }

        Error(parse).WriteLine($"{step} is not ready: {Waits(outcome)}");
        return ExitCode.NotReady;
    }

    /// <summary>The study is opened once for all of the steps.</summary>
    private async Task<int> ServeAsync(ParseResult parse, CancellationToken cancel)
    {
        StudyRun run = Open(parse, null);
        using StreamReader requests = new(Console.OpenStandardInput());
        await StepServer.ServeAsync(
            requests,
            Out(parse),
            async (step, threads, stop) =>
            {
                try
                {
                    StepOutcome outcome = await run.RunStepAsync(step, stop, threads);
                    return outcome.NotReady
                        ? new StepReply(step, ExitCode.NotReady, Waits(outcome))
                        : new StepReply(step, ExitCode.Done, null);
                }
                catch (Exception error)
                {
                    // Which step it is the parent says itself.
                    return new StepReply(
                        step, ConsoleErrors.CodeOf(error),
                        error is StepFailedException { InnerException: { } cause } ? cause.Message : ConsoleErrors.Message(error));
                }
            },
            cancel);
        return ExitCode.Done;
    }

    private static string Waits(StepOutcome outcome) =>
        $"{Quantity.Of(outcome.Missing.Count, "step")} must be stored first, for example {outcome.Missing[0]}.";

    private StudyRun Open(ParseResult parse, IRunObserver? observer)
    {
        string directory = parse.GetValue(folder)!;
        return new StudyRun(Read(directory), new StudyRunOptions
        {
            Directory = directory,
            Threads = device.Threads(parse),
            Workers = 1,
            TrainingMemory = memory.Of(parse),
            CreateDevice = device.Maker(parse),
            Version = GoodhartCommand.Version,
            Observer = observer,
            Note = ModelNotes.To(Error(parse), parse.GetValue(quiet) || parse.GetValue(server)),
        });
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
