using System.Diagnostics;
using Goodhart.Engine;
using Goodhart.Evaluation.Points;
using Goodhart.Evaluation.Remedies;
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

    /// <summary>Once the data are stored on which it depends: who runs many steps makes it once.</summary>
    private StudyGraph? opened;

    /// <summary>What <see cref="Known"/> has said last.</summary>
    private (bool IsWhole, Step[] Steps)? known;

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
    /// What <see cref="RunAsync"/> would do now; runs and writes nothing. Data that are not stored yet are read to count them. Of a second
    /// pass whose cells are not known yet, the most that it can be.
    /// </summary>
    public Plan Plan(CancellationToken cancel = default)
    {
        StudyGraph graph = preparation.Graph(new DataCounts(runner, cancel).Of);
        return runner.Plan([.. preparation.Data, .. AtMost(graph)]);
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
        Plan most = runner.Plan(AtMost(graph));
        Judging(most)?.RequireWithin((judge as ChatJudgeDefinition)?.MaxCalls);
        using Lease? turn = execution is null && Asks(most) ? TakeJudge() : null;
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancel, turn?.Lost ?? cancel);
        using JudgeSession? open = turn is null ? null : OpenJudge(directory);
        HashSet<string> before = [.. dataPlan.ToRun.Select(step => step.Key)];
        if (graph.Second is { } second)
        {
            before.UnionWith(runner.Plan(second.Choice).ToRun.Select(step => step.Key));
            await ComputeAsync([second.Choice]).ConfigureAwait(false);
        }

        AnalyseStudy analysis = Analysis(graph, graph.Second is null ? null : Chosen(graph.Second));
        Step[] roots = Roots(graph, analysis);
        Plan plan = runner.Plan(roots);
        if (execution is not null)
        {
            await ComputeAsync(roots).ConfigureAwait(false);
        }

        StudyAnalysis analysed = await runner.RunAsync(analysis, stop.Token).ConfigureAwait(false);
        StudyResults results = new(analysed.Findings)
        {
            Study = Summary(graph, analysed),
            RewardModels = graph.RewardModels(runner),
            Tree = graph.Tree is { } tree ? await runner.RunAsync(tree, cancel).ConfigureAwait(false) : null,
            Cost = RunCost.Of(runner, plan, before, watch.Elapsed),
        };
        graph.Publish(directory, runner);
        PointsFile.Write(Path.Combine(directory, "points.csv"), results.Points);
        StudyReport.Write(results, directory);
        return results;

        Task ComputeAsync(Step[] targets) => execution is null
            ? runner.RunAsync(targets, stop.Token)
            : runner.RunTasksAsync(targets, execution, stop.Token);
    }

    /// <summary>Makes the folder ready for steps that run by themselves: claims it, notes the study, and reads its data, on which the rest
    /// of the graph depends.</summary>
    /// <returns>What is left to run; of a second pass nothing before its cells are chosen.</returns>
    /// <exception cref="InvalidDataException">The folder holds something else.</exception>
    public async Task<Plan> ExportAsync(CancellationToken cancel)
    {
        string directory = Open();
        await runner.RunAsync([.. preparation.Data], cancel).ConfigureAwait(false);
        StudyGraph graph = preparation.Graph(runner.Read);
        graph.PublishPrompts(directory, runner);
        Judging(runner.Plan(AtMost(graph)))?.RequireWithin((judge as ChatJudgeDefinition)?.MaxCalls);
        Plan plan = runner.Plan(Known(graph));
        runner.Announce(plan);
        return plan;
    }

    /// <summary>Runs one step of the study by its folder's name, NAME-KEY; see <see cref="Runner.RunStepAsync"/>.</summary>
    /// <param name="threads">Null: all.</param>
    public async Task<StepOutcome> RunStepAsync(string folder, CancellationToken cancel, int? threads = null)
    {
        if (opened is null)
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

            opened = preparation.Graph(runner.Read);
        }

        Step[] roots = Known(opened);
        if (opened.Second is { } second && roots is [ChooseCells] && runner.Find(roots, folder) is null)
        {
            // Which steps the second pass has nobody knows before.
            return new StepOutcome(Ran: false, [Path.GetFileName(runner.DirectoryOf(second.Choice))]);
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

    /// <summary>Everything that there is to compute; of a second pass whose cells are not known, the most that it can be.</summary>
    private Step[] AtMost(StudyGraph graph) =>
        Roots(graph, Analysis(graph, graph.Second is { } second ? Chosen(second) ?? second.Most : null));

    /// <summary>What steps are there as far as that is known: before the cells of a second pass are chosen, all up to that.</summary>
    private Step[] Known(StudyGraph graph)
    {
        bool isWhole = graph.Second is null || runner.RecordOf(graph.Second.Choice) is not null;
        if (known is null || known.Value.IsWhole != isWhole)
        {
            known = (isWhole, isWhole
                ? Roots(graph, Analysis(graph, graph.Second is null ? null : runner.Read(graph.Second.Choice)))
                : [graph.Second!.Choice]);
        }

        return known.Value.Steps;
    }

    /// <summary>Null where an evaluation is missing. Writes nothing.</summary>
    private RankedCell[]? Chosen(SecondPass second) => runner.RecordOf(second.Choice) is not null ? runner.Read(second.Choice)
        : second.Choice.Evaluations.All(step => runner.RecordOf(step) is not null) ? second.Choice.Choose(runner.Read)
        : null;

    private static Step[] Roots(StudyGraph graph, AnalyseStudy analysis) =>
        [analysis, .. graph.Tree is { } tree ? (Step[])[tree] : []];

    private AnalyseStudy Analysis(StudyGraph graph, IReadOnlyList<RankedCell>? chosen) => new()
    {
        Evaluations = graph.Evaluations,
        Choice = graph.Second?.Choice,
        Confirmed = chosen is null ? null : graph.Second!.Steps(chosen),
        Implicit = graph.Implicit,
        Prompts = graph.Prompts,
        Seed = study.Seed,
    };

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
}
