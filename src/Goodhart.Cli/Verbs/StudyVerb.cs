using System.CommandLine;
using System.Text.Json;
using Goodhart.Cli.Devices;
using Goodhart.Cli.Executors;
using Goodhart.Cli.Live;
using Goodhart.Cli.Parsing;
using Goodhart.Cli.Planning;
using Goodhart.Cli.Stages;
using Goodhart.Pipeline;
using Goodhart.Pipeline.Slurm;
using Goodhart.Studies.Configuration;
using Goodhart.Studies.Results;
using Goodhart.Studies.Running;
using Goodhart.Text;

namespace Goodhart.Cli.Verbs;

/// <summary><c>goodhart study</c>: a whole study, from the first model to the report.</summary>
internal sealed class StudyVerb : Verb
{
    private readonly Argument<string?> file = TextArgument.OrNone("FILE.yaml", "A study file. Without one, the preset.");

    private readonly Option<string?> preset = TextOption.OrNone(
        "--preset", "NAME", $"A shipped study: {string.Join(", ", StudyPresets.Names)}. Without a file: {StudyPresets.Default}.");

    private readonly Option<string?> folder = TextOption.OrNone(
        "--out", "DIR", "The study's folder. Default: study-NAME. The same folder again resumes, and redoes only what changed.");

    private readonly Option<string[]> settings = TextOption.Several(
        "--set", "key=value", "Replaces a value of the study: align.betas=[0.1,0.4], models[0].layers=3. May be given several times.");

    private readonly Option<string?> finalists = TextOption.OrNone(
        "--finalists", "DIR",
        "A finished study with remedies: of the grid only the best cells of each remedy there are run, and the losses by themselves.");

    private readonly Option<ulong?> seed = NumberOption.OrNone(
        "--seed", NumberRule.Seed, "Replaces the study's seed: data, initial weights, evaluation noise.");

    private readonly DeviceOptions device = new();
    private readonly MemoryOptions memory = new();
    private readonly Option<int?> workers = NumberOption.OrNone(
        "--workers", NumberRule.Whole(1, 4),
        "Steps side by side. Default: one a thread, the fastest for small models, as far as memory goes.");

    private readonly ExecutorOptions executors = new();

    private readonly Option<bool> planOnly = TextOption.Flag(
        "--plan", "Show what would run, what is stored and an estimate of time and disk; run nothing.");

    private readonly Option<bool> overMemory = TextOption.Flag(
        "--over-memory", "Start although the estimate of memory exceeds what the machine has.");

    private readonly Option<string?> exportTasks = TextOption.OrNone(
        "--export-tasks", "FILE.json",
        "Write what is left to run as tasks (steps, needs, resources, commands) for another scheduler; read the data, and "
            + "run nothing else.");

    private readonly Option<bool> quiet = CommonOptions.Quiet();
    private readonly Option<bool> json = CommonOptions.Json();

    public StudyVerb()
        : base("study", "Run a whole study and write its report; run it again to resume.")
    {
        Take(
        [
            file, preset, folder, settings, finalists, seed, .. device.All, .. memory.All, workers, .. executors.All, planOnly, exportTasks,
            overMemory, quiet, json,
        ], RunAsync);
        Validators.Add(result =>
        {
            if (result.GetValue(file) is not null && result.GetResult(preset) is { Implicit: false })
            {
                result.AddError("give a study file or --preset, not both.");
            }

            if (result.GetValue(exportTasks) is not null && (result.GetValue(planOnly) || result.GetValue(overMemory)
                || result.GetValue(workers) is not null || executors.IsChosen(result)))
            {
                result.AddError("--export-tasks is for another scheduler: leave out --plan, --workers, --executor and --over-memory.");
            }
        });
    }

    public override IReadOnlyList<string> Examples { get; } =
    [
        "goodhart study",
        "goodhart study --preset quick --out quick",
        "goodhart study mine.yaml --set align.betas=[0.1,0.4] --plan",
        "goodhart study --preset quick --executor local --workers 2",
        "goodhart study --preset remedies --finalists study-remedies --set 'labeller={noise: 0.25}' --out remedies-noise",
        "goodhart study --executor slurm --set slurm.partition=gpu --set slurm.gpus=1 --set slurm.time=4:00:00 --device cuda --plan",
        "goodhart study --export-tasks tasks.json --threads 1",
        "goodhart study --preset pythia-tldr-clean --set models[0].from=pythia-1b --set data.preferences=pairs.jsonl --plan",
    ];

    private async Task<int> RunAsync(ParseResult parse, CancellationToken cancel)
    {
        executors.Require(parse);
        StudyDefinition study = Load(parse);
        string directory = parse.GetValue(folder) ?? $"study-{study.Name}";
        study = parse.GetValue(finalists) is { } finished ? Finalists.Of(study, finished, directory) : study;


        // Opens what the study names: what is wrong there is said alone, before any progress.
        Action<string>? note = ModelNotes.To(Error(parse), parse.GetValue(quiet));
        StudyRun prepared = new(study, RunOptions(parse, directory, note, null));
        if (parse.GetValue(planOnly))
        {
            return ShowPlan(parse, prepared, study, cancel);
        }

        TextWriter progressWriter = parse.GetValue(json) ? Error(parse) : Out(parse);
        if (parse.GetValue(exportTasks) is { } tasks)
        {
            return await ExportAsync(parse, study, directory, tasks, cancel);
        }

        if (!parse.GetValue(quiet))
        {
            StudyHeader.Write(progressWriter, study);
        }

        StudyResults results;
        await using (StudyProgress progress = new(progressWriter, parse.GetValue(quiet)))
        {
            TaskTemplate template = Template(parse, prepared, Path.GetFullPath(directory), OwnProgram.Command);
            results = await new StudyRun(study, RunOptions(parse, directory, note, progress.Observer)).RunAsync(
                cancel, executors.Execution(parse, device, AllSettings(parse, study), prepared.Memory, template, note));
        }

        Announce(parse, results, Path.GetFullPath(directory));
        return ExitCode.Done;
    }

    private async Task<int> ExportAsync(
        ParseResult parse, StudyDefinition study, string directory, string tasks, CancellationToken cancel)
    {
        TaskList.RequirePlace(tasks);
        StudyRun run = new(study, RunOptions(parse, directory, null, null) with { Workers = 1 });
        Plan plan = await run.ExportAsync(cancel);
        string full = Path.GetFullPath(directory);
        TaskList list = TaskList.Of(
            plan,
            full,
            Template(parse, run, full, ["goodhart"]),
            [
                "goodhart", "study", .. Named(parse), "--out", full, .. device.Arguments(parse, device.Threads(parse)),
                .. memory.Arguments(parse), workers.Name, "1", overMemory.Name,
            ]);
        DataOutput.File(
            tasks, force: true, stream => JsonSerializer.Serialize(stream, list, JsonLayout.Options));
        Out(parse).WriteLine(parse.GetValue(json)
            ? JsonLayout.Text(new { tasks = Path.GetFullPath(tasks), count = list.Tasks.Count })
            : $"{Quantity.Of(list.Tasks.Count, "task")} in {tasks}"
                + (plan.ToRun.Any(step => step.Step is ChooseCells)
                    ? "; then export again: evaluate.confirm's second pass is known when the cells are chosen"
                    : ""));
        return ExitCode.Done;
    }

    /// <summary>A step takes its share of the threads, and computes the same bits as the study would.</summary>
    /// <param name="full">The study's folder.</param>
    private TaskTemplate Template(ParseResult parse, StudyRun run, string full, IReadOnlyList<string> program)
    {
        int threads = Math.Max(1, device.Threads(parse) / run.Memory.Workers);
        return new TaskTemplate(
            new TaskResources(threads, run.Memory.Alone, DeviceChoice.IsGpu(run.Device) ? 1 : 0),
            program,
            ["--study", full, .. device.Arguments(parse, threads), .. memory.Arguments(parse)]);
    }

    /// <summary>The file's first: of two values of a key the later one holds.</summary>
    private IEnumerable<string> AllSettings(ParseResult parse, StudyDefinition study) =>
        [.. study.Slurm.Select(setting => $"{ExecutorChoice.OfSlurm}.{setting.Key}={setting.Value}"), .. parse.GetValue(settings)!];

    /// <summary>The arguments that say which study it is.</summary>
    private string[] Named(ParseResult parse) =>
    [
        .. parse.GetValue(file) is { } path ? (string[])[path] : [preset.Name, parse.GetValue(preset) ?? StudyPresets.Default],
        .. parse.GetValue(settings)!.SelectMany(setting => new[] { settings.Name, setting }),
        .. parse.GetValue(finalists) is { } finished ? (string[])[finalists.Name, finished] : [],
        .. parse.GetValue(seed) is { } number ? (string[])[seed.Name, FormattableString.Invariant($"{number}")] : [],
    ];

    private StudyDefinition Load(ParseResult parse)
    {
        IEnumerable<string> overrides = executors.OfStudy(parse, parse.GetValue(settings)!);
        if (parse.GetValue(seed) is { } number)
        {
            overrides = overrides.Append(FormattableString.Invariant($"seed={number}"));
        }

        return parse.GetValue(file) is { } path
            ? StudyFile.Load(path, overrides)
            : StudyFile.Preset(parse.GetValue(preset) ?? StudyPresets.Default, overrides);
    }

    /// <summary>Whether this machine only collects.</summary>
    private bool IsElsewhere(ParseResult parse) => executors.Choice(parse) is { SharesMachine: false };

    private StudyRunOptions RunOptions(ParseResult parse, string directory, Action<string>? note, IRunObserver? observer) => new()
    {
        Directory = directory,
        Threads = device.Threads(parse),
        Workers = IsElsewhere(parse) ? 1 : parse.GetValue(workers),
        Processes = executors.Processes(parse, device, parse.GetValue(workers)),
        OverMemory = parse.GetValue(overMemory) || IsElsewhere(parse),
        TrainingMemory = memory.Of(parse),
        CreateDevice = device.Maker(parse),
        Version = GoodhartCommand.Version,
        Observer = observer,
        Note = note,
    };

    /// <returns>Bad input where a run would be refused for its memory.</returns>
    private int ShowPlan(ParseResult parse, StudyRun run, StudyDefinition study, CancellationToken cancel)
    {
        Plan plan = run.Plan(cancel);
        PlanTable table = PlanTable.Of(plan, run.Memory, run.Judging(plan), device.Maker(parse));
        if (executors.IsSlurm(parse))
        {
            string full = Path.GetFullPath(parse.GetValue(folder) ?? $"study-{study.Name}");
            SlurmOptions asked = SlurmOptions.Of(ExecutorOptions.OfExecutor(AllSettings(parse, study), ExecutorChoice.OfSlurm));
            table = table with
            {
                Jobs = JobPlan.Of(asked, Template(parse, run, full, OwnProgram.Command).Of(plan), plan, table.FlopsPerSecond),
            };
        }

        if (parse.GetValue(json))
        {
            Out(parse).WriteLine(JsonLayout.Text(table));
        }
        else
        {
            table.Write(Ansi.On(Out(parse)));
        }

        if (!parse.GetValue(overMemory) && !IsElsewhere(parse))
        {
            run.Memory.Require();
        }

        return ExitCode.Done;
    }

    private void Announce(ParseResult parse, StudyResults results, string directory)
    {
        string report = Path.Combine(directory, "report.html");
        if (parse.GetValue(json))
        {
            Out(parse).WriteLine(JsonLayout.Text(
                new
                {
                    report,
                    results = Path.Combine(directory, "results.json"),
                    points = results.Points.Count,
                    claims = results.Claims,
                    cost = results.Cost,
                }));
            return;
        }

        StudyHeader.WriteSlots(Out(parse), results);
        string time = TimeLeft.Text(TimeSpan.FromSeconds(results.Cost.WallSeconds));
        Out(parse).WriteLine($"{Quantity.Of(results.Points.Count, "checkpoint")}, {Quantity.Of(results.Fits.Count, "fit")}, "
            + $"{Quantity.Of(results.Claims.Count, "claim")} in {time}");
        Out(parse).WriteLine(report);
    }
}
