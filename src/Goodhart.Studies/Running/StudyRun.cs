using System.Diagnostics;
using Goodhart.Alignment.Training;
using Goodhart.Engine;
using Goodhart.Evaluation.Points;
using Goodhart.Models.Scoring;
using Goodhart.Pipeline;
using Goodhart.Steps.Judging;
using Goodhart.Steps.Measuring;
using Goodhart.Steps.Planning;
using Goodhart.Steps.Training;
using Goodhart.Studies.Configuration;
using Goodhart.Studies.Reporting;
using Goodhart.Studies.Results;

namespace Goodhart.Studies.Running;

/// <summary>Where and on what a study runs. Nothing here changes a result but the device's kernels.</summary>
public sealed record StudyRunOptions
{
    /// <summary>The study's folder; see <see cref="StudyDirectory"/>.</summary>
    public required string Directory { get; init; }

    /// <summary>Compute threads of the machine.</summary>
    public required int Threads { get; init; }

    /// <summary>
    /// Steps side by side: small models run faster one to a thread than one over all threads. Null: one to a thread, as far as memory goes.
    /// </summary>
    public int? Workers { get; init; }

    /// <summary>The processes that steps run in; null: this one, or an executor's elsewhere.</summary>
    public WorkerProcesses? Processes { get; init; }

    /// <summary>Start even if the estimate of memory exceeds the machine's.</summary>
    public bool OverMemory { get; init; }

    /// <summary>What training spends to take less memory.</summary>
    public TrainingMemory TrainingMemory { get; init; } = TrainingMemory.Usual;

    /// <summary>Makes a device with so many threads.</summary>
    public required Func<int, IDevice> CreateDevice { get; init; }

    public required string Version { get; init; }

    public IRunObserver? Observer { get; init; }

    /// <summary>Told what a user should know of a model that the study names, a line each; null: nobody is.</summary>
    public required Action<string>? Note { get; init; }
}

/// <summary>A whole study: plans it, runs what is missing, writes results and report.</summary>
public sealed class StudyRun
{
    /// <summary>The resolved study, in its folder.</summary>
    public const string StudyFileName = "study.json";

    private readonly StudyDefinition study;
    private readonly StudyRunOptions options;
    private readonly StudyPreparation preparation;
    private readonly StepServices services = new();
    private readonly Runner runner;
    private readonly DeviceInfo device;

    /// <summary>Null: the study asks none.</summary>
    private readonly JudgeDefinition? judge;

    /// <summary>Of the graph, once the data are stored on which it depends: who runs many steps makes it once.</summary>
    private Step[]? roots;

    /// <exception cref="StudyFileException">A file that the study names is not there.</exception>
    /// <exception cref="InvalidDataException">A file that the study names cannot be used.</exception>
    public StudyRun(StudyDefinition study, StudyRunOptions options)
    {
        this.study = study;
        this.options = options;
        judge = study.Judge;
        using (IDevice probe = options.CreateDevice(1))
        {
            device = probe.Info;
        }

        options.TrainingMemory.Require(device);
        preparation = new StudyPreparation(study, options.Note, options.TrainingMemory, DeviceMemory.Of(device));
        Memory = MemoryNeed.Of(preparation.StepBytes, options.Workers, options.Threads, DeviceMemory.Of(device), options.Processes) with
        {
            Adapters = preparation.Adapters,
        };
        runner = new Runner(new RunnerOptions
        {
            Directory = options.Directory,
            Workers = Memory.Workers,
            Threads = options.Threads,
            NumericsVersion = device.Numerics(
                device.ThreadsOfStep(options.Threads, options.Threads, Memory.Workers), ResponseScorer.DefaultRowBudget),
            Machine = StudySummary.ThisMachine(),
            Observer = options.Observer,
            Note = options.Note,
            Services = services
                .Lease<IDevice>(
                    context => options.CreateDevice(device.ThreadsOfStep(context.Threads, options.Threads, Memory.Workers)),
                    leased => leased.Dispose())
                .Add(new SharedReads())
                .Add(options.TrainingMemory)
                .Add<IMetricsSink>(new StepMetrics()),
        });
    }

    /// <summary>What steps compute on.</summary>
    public DeviceInfo Device => device;

    /// <summary>What the study takes, and the steps that run side by side.</summary>
    public MemoryNeed Memory { get; }

    /// <summary>
    /// What <see cref="RunAsync"/> would do now; runs and writes nothing. Data that are not stored yet are read to count them.
    /// </summary>
    public Plan Plan(CancellationToken cancel = default)
    {
        StudyGraph graph = preparation.Graph(new DataCounts(runner, cancel).Of);
        return runner.Plan([.. preparation.Data, .. Roots(graph)]);
    }

    /// <summary>What the judge would be asked at most; null without one.</summary>
    /// <param name="plan">Of this study.</param>
    public StudyJudgeForecast? Judging(Plan plan) => judge is null or GoldJudgeDefinition ? null : StudyJudgeForecast.Of(judge, plan);

    /// <summary>Runs what is missing and writes results.json, points.csv, figures and report.html into the study's folder.</summary>
    /// <exception cref="InvalidDataException">The folder holds something else, an artifact is damaged, or the machine is too
    /// small.</exception>
    /// <exception cref="StepFailedException">A step failed; running again resumes.</exception>
    /// <param name="execution">What gets the steps done after the data are read; null: this process does.</param>
    /// <exception cref="TasksFailedException">The executor's steps failed, some of them; running again resumes.</exception>
    public async Task<StudyResults> RunAsync(CancellationToken cancel, TaskExecution? execution = null)
    {
        if (!options.OverMemory)
        {
            Memory.Require();
        }

        string directory = Open();
        Stopwatch watch = Stopwatch.StartNew();
        Plan dataPlan = runner.Plan(preparation.Data);

        // A file without what the study needs is the user's mistake, not a step's failure: its message stands alone.
        await runner.RunAsync([.. preparation.Data], cancel).ConfigureAwait(false);
        StudyGraph graph = preparation.Graph(runner.Read);
        graph.PublishPrompts(directory, runner);
        AnalyseStudy analysis = Analysis(graph, study.Seed);
        Plan plan = runner.Plan([.. Roots(graph)]);
        Judging(plan)?.RequireWithin((judge as ChatJudgeDefinition)?.MaxCalls);
        if (execution is not null)
        {
            await runner.RunTasksAsync(Roots(graph), execution, cancel).ConfigureAwait(false);
        }

        using Lease? turn = execution is null && Asks(plan) ? TakeJudge() : null;
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancel, turn?.Lost ?? cancel);
        using JudgeSession? open = turn is null ? null : OpenJudge(directory);
        StudyAnalysis analysed = await runner.RunAsync(analysis, stop.Token).ConfigureAwait(false);
        StudyResults results = new(analysed.Findings)
        {
            Study = Summary(graph, analysed),
            RewardModels = graph.RewardModels(runner),
            Tree = graph.Tree is { } tree ? await runner.RunAsync(tree, cancel).ConfigureAwait(false) : null,
            Cost = Cost(plan, [.. dataPlan.ToRun.Select(step => step.Key)], watch.Elapsed),
        };
        graph.Publish(directory, runner);
        PointsFile.Write(Path.Combine(directory, "points.csv"), results.Points);
        StudyReport.Write(results, directory);
        return results;
    }

    /// <summary>Makes the folder ready for steps that run by themselves: claims it, notes the study, and reads its data, on which the rest
    /// of the graph depends.</summary>
    /// <returns>What is left to run.</returns>
    /// <exception cref="InvalidDataException">The folder holds something else.</exception>
    public async Task<Plan> ExportAsync(CancellationToken cancel)
    {
        string directory = Open();
        await runner.RunAsync([.. preparation.Data], cancel).ConfigureAwait(false);
        StudyGraph graph = preparation.Graph(runner.Read);
        graph.PublishPrompts(directory, runner);
        Plan plan = runner.Plan([.. Roots(graph)]);
        Judging(plan)?.RequireWithin((judge as ChatJudgeDefinition)?.MaxCalls);
        runner.Announce(plan);
        return plan;
    }

    /// <summary>Runs one step of the study by its folder's name, NAME-KEY; see <see cref="Runner.RunStepAsync"/>.</summary>
    /// <param name="threads">Null: all.</param>
    public async Task<StepOutcome> RunStepAsync(string folder, CancellationToken cancel, int? threads = null)
    {
        if (roots is null)
        {
            Step[] data = [.. preparation.Data];
            Plan read = runner.Plan(data);
            if (read.Find(folder) is not null)
            {
                return await runner.RunStepAsync(data, folder, cancel, threads).ConfigureAwait(false);
            }

            if (read.ToRun.Any())
            {
                return new StepOutcome(Ran: false, [.. read.ToRun.Select(step => step.Folder)]);
            }

            roots = Roots(preparation.Graph(runner.Read));
        }

        if (judge is not ChatJudgeDefinition || runner.Find(roots, folder) is not JudgeCheckpoint)
        {
            return await runner.RunStepAsync(roots, folder, cancel, threads).ConfigureAwait(false);
        }

        Plan plan = runner.Plan(roots);
        PlannedStep asked = plan.Find(folder)!;
        if (asked.State == StepState.Cached || plan.MissingFor(asked).Count > 0)
        {
            return await runner.RunStepAsync(roots, folder, cancel, threads).ConfigureAwait(false);
        }

        using Lease turn = TakeJudge();
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancel, turn.Lost);
        using JudgeSession open = OpenJudge(options.Directory);
        return await runner.RunStepAsync(roots, folder, stop.Token, threads).ConfigureAwait(false);
    }

    private string Open()
    {
        string directory = StudyDirectory.Claim(options.Directory);
        AtomicFile.WriteAllText(Path.Combine(directory, StudyFileName), StudyJson.Write(study));
        return directory;
    }

    /// <summary>Whether anybody is left to be asked: else no key is needed either.</summary>
    private bool Asks(Plan plan) => judge is ChatJudgeDefinition && plan.ToRun.Any(step => step.Step is JudgeCheckpoint);

    /// <summary>Replies and budget are the whole study's: one process at a time asks the judge.</summary>
    /// <exception cref="StepBusyException">Another one does.</exception>
    private Lease TakeJudge() => Lease.Take(Path.Combine(options.Directory, "judging"));

    /// <remarks>Replies are opened before the first step, so that hours of training do not end here.</remarks>
    private JudgeSession OpenJudge(string directory)
    {
        JudgeSession opened = JudgeSession.Open(
            new ChatJudgeChoice(StudyJudgeOptions.WithKey((ChatJudgeDefinition)judge!, study.Seed)), directory);
        services.Add(opened);
        return opened;
    }

    private int[] Seeds => [.. StudyCell.Of(study).Select(cell => cell.Seed).Distinct().Order()];

    private Step[] Roots(StudyGraph graph) => [Analysis(graph, study.Seed), .. graph.Tree is { } tree ? (Step[])[tree] : []];

    private static AnalyseStudy Analysis(StudyGraph graph, ulong seed) =>
        new() { Evaluations = graph.Evaluations, Prompts = graph.Prompts, Seed = seed };

    private StudySummary Summary(StudyGraph graph, StudyAnalysis analysed) => new(
        study.Name,
        study.Description,
        analysed.Models,
        study.Align.Losses,
        study.Align.Betas,
        graph.Checkpoints,
        Seeds,
        graph.Pairs,
        study.Evaluate.Prompts,
        StudySummary.ConventionAt(study.Evaluate.Temperature),
        options.Version,
        StudySummary.ThisMachine(),
        device.InstructionSet,
        [
            .. Seeds.Length == 1 ? ["One alignment seed: the spread between seeds is not in the intervals."] : (string[])[],
            .. graph.NotRun,
            .. analysed.Skipped,
        ]);

    /// <param name="read">Keys of data steps that ran before the plan was made.</param>
    private StudyCost Cost(Plan plan, HashSet<string> read, TimeSpan wall)
    {
        (PlannedStep Planned, StepRecord Record)[] steps =
            [
                .. plan.Steps.Select(step => (step, runner.RecordOf(step.Step)))
                    .Where(step => step.Item2 is not null).Select(step => (step.step, step.Item2!)),
            ];
        StepCost[] kinds =
        [
            .. steps.GroupBy(step => step.Planned.Name).Select(kind => new StepCost(
                kind.Key,
                kind.Count(),
                kind.Count(step => !step.Planned.Runs && !read.Contains(step.Planned.Key)),
                kind.Sum(step => step.Record.Seconds),
                kind.Sum(step => step.Planned.Step.EstimatedCost > 1 ? step.Planned.Step.EstimatedCost : 0))),
        ];
        return new StudyCost(
            wall.TotalSeconds, kinds.Sum(kind => kind.Seconds), kinds.Sum(kind => kind.Flops), Process.GetCurrentProcess().PeakWorkingSet64,
            kinds);
    }
}
