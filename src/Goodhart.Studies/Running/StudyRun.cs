using System.Diagnostics;
using Goodhart.Engine;
using Goodhart.Evaluation.Points;
using Goodhart.Pipeline;
using Goodhart.Studies.Configuration;
using Goodhart.Studies.Reporting;
using Goodhart.Studies.Results;
using Goodhart.Studies.Steps;

namespace Goodhart.Studies.Running;

/// <summary>Where and on what a study runs. Nothing here changes a result but the device's kernels.</summary>
public sealed record StudyRunOptions
{
    /// <summary>The study's folder; see <see cref="StudyDirectory"/>.</summary>
    public required string Directory { get; init; }

    /// <summary>Compute threads of the machine.</summary>
    public required int Threads { get; init; }

    /// <summary>Steps side by side: small models run faster one to a thread than one over all threads.</summary>
    public required int Workers { get; init; }

    /// <summary>Makes a device with so many threads.</summary>
    public required Func<int, IDevice> CreateDevice { get; init; }

    public required string Version { get; init; }

    public IRunObserver? Observer { get; init; }
}

/// <summary>A whole study: plans it, runs what is missing, writes results and report.</summary>
public sealed class StudyRun
{
    private readonly StudyDefinition study;
    private readonly StudyRunOptions options;
    private readonly AnalyseStudy analysis;
    private readonly Runner runner;
    private readonly DeviceInfo device;

    public StudyRun(StudyDefinition study, StudyRunOptions options)
    {
        this.study = study;
        this.options = options;
        using (IDevice probe = options.CreateDevice(1))
        {
            device = probe.Info;
        }

        analysis = new AnalyseStudy { Evaluations = new StudyGraph(study).Evaluations, Seed = study.Seed };
        runner = new Runner(new RunnerOptions
        {
            Directory = options.Directory,
            Workers = options.Workers,
            Threads = options.Threads,
            NumericsVersion = device.NumericsVersion,
            Machine = MachineName(),
            Observer = options.Observer,
            Services = new StepServices()
                .Lease<IDevice>(context => options.CreateDevice(context.Threads), leased => leased.Dispose())
                .Add(new WorldRows()),
        });
    }

    /// <summary>What <see cref="RunAsync"/> would do now; runs and writes nothing.</summary>
    public Plan Plan() => runner.Plan(analysis);

    /// <summary>Runs what is missing and writes results.json, points.csv, figures and report.html into the study's folder.</summary>
    /// <exception cref="InvalidDataException">The folder holds something else, or an artifact is damaged.</exception>
    /// <exception cref="StepFailedException">A step failed; running again resumes.</exception>
    public async Task<StudyResults> RunAsync(CancellationToken cancel)
    {
        string directory = StudyDirectory.Claim(options.Directory);
        AtomicFile.WriteAllText(Path.Combine(directory, "study.json"), StudyJson.Write(study));
        Plan plan = Plan();
        Stopwatch watch = Stopwatch.StartNew();
        StudyAnalysis analysed = await runner.RunAsync(analysis, cancel).ConfigureAwait(false);
        StudyResults results = new()
        {
            Study = Summary(analysed),
            Points = analysed.Points,
            Fits = analysed.Fits,
            Claims = analysed.Claims,
            EqualKl = analysed.EqualKl,
            Samples = analysed.Samples,
            Cost = Cost(plan, watch.Elapsed),
        };
        PointsFile.Write(Path.Combine(directory, "points.csv"), results.Points);
        StudyReport.Write(results, directory);
        return results;
    }

    private int[] Seeds => [.. StudyCell.Of(study).Select(cell => cell.Seed).Distinct().Order()];

    private StudySummary Summary(StudyAnalysis analysed) => new(
        study.Name,
        study.Description,
        analysed.Models,
        study.Align.Losses,
        study.Align.Betas,
        study.Align.Checkpoints,
        Seeds,
        study.Align.Pairs,
        study.Evaluate.Prompts,
        FormattableString.Invariant(
            $"KL(policy‖reference) in nats per response: exact per-token divergence over the whole vocabulary, summed over sampled prefixes at temperature {study.Evaluate.Temperature}; no top-k, no top-p"),
        options.Version,
        MachineName(),
        device.InstructionSet,
        [
            .. Seeds.Length == 1 ? ["One alignment seed: the spread between seeds is not in the intervals."] : (string[])[],
            "No judge model: the gold reward of the synthetic world decides wins.",
            .. analysed.Skipped,
        ]);

    private StudyCost Cost(Plan plan, TimeSpan wall)
    {
        (PlannedStep Planned, StepRecord Record)[] steps =
            [.. plan.Steps.Select(step => (step, runner.RecordOf(step.Step))).Where(step => step.Item2 is not null).Select(step => (step.step, step.Item2!))];
        StepCost[] kinds =
        [
            .. steps.GroupBy(step => step.Planned.Name).Select(kind => new StepCost(
                kind.Key,
                kind.Count(),
                kind.Count(step => !step.Planned.Runs),
                kind.Sum(step => step.Record.Seconds),
                kind.Sum(step => step.Planned.Step.EstimatedCost > 1 ? step.Planned.Step.EstimatedCost : 0))),
        ];
        return new StudyCost(
            wall.TotalSeconds, kinds.Sum(kind => kind.Seconds), kinds.Sum(kind => kind.Flops), Process.GetCurrentProcess().PeakWorkingSet64, kinds);
    }

    private static string MachineName() => FormattableString.Invariant(
        $"{Environment.ProcessorCount} cores, {System.Runtime.InteropServices.RuntimeInformation.OSDescription}, {System.Runtime.InteropServices.RuntimeInformation.FrameworkDescription}");
}
