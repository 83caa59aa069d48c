using System.CommandLine;
using Goodhart.Cli.Bench;
using Goodhart.Cli.Bench.Shapes;
using Goodhart.Cli.Bench.Work;
using Goodhart.Cli.Devices;
using Goodhart.Cli.Parsing;
using Goodhart.Cli.Stages;
using Goodhart.Engine;
using Goodhart.Engine.Planning;
using Goodhart.Models;
using Goodhart.Models.Scoring;
using Goodhart.Steps.Planning;

namespace Goodhart.Cli.Verbs;

/// <summary><c>goodhart bench</c>: throughput and utilisation of this machine.</summary>
internal sealed class BenchVerb : Verb
{
    private readonly Option<string> shapes = TextOption.Of(
        "--shapes", "S,M,d,pythia-1b", string.Join(',', BenchShapes.OfTheStudy.Select(shape => shape.Name)),
        "What is measured, with commas between: sizes of the default study on its world's texts (S, M, L); shapes of random tokens "
            + $"({string.Join(", ", BenchShapes.All.OfType<TokenShape>().Select(shape => shape.Name))}; pythia- may be left out).");

    private readonly Option<string> work = TextOption.Of(
        "--work", BenchWork.Usual, BenchWork.Usual,
        $"Kinds of work, with commas between: {string.Join(", ", BenchWork.All.Select(kind => kind.Name))}.");

    private readonly Option<string> architecture = TextOption.Of(
        "--architecture", "NAME", Architecture.Default.Name,
        $"Of the models: {string.Join(" or ", Architecture.Names)}.").AcceptOnlyFromAmong([.. Architecture.Names]);

    private readonly Option<BenchLengths> lengths = ChoiceOption.Of(
        "--lengths", BenchLengths.Own,
        "own: texts as long as the shape says. tldr: as posts of Reddit and their summaries, about 400 and 37 tokens (Pythia's own).");

    private readonly Option<int?> batch = NumberOption.WholeOrNone("--batch", 1, "Pairs of a step. Default: the shape's.");
    private readonly Option<int> prompts = NumberOption.Whole("--prompts", 1, 256, "Prompts that are sampled together.");
    private readonly Option<int> rowBudget = NumberOption.Whole(
        "--row-budget", 1, ResponseScorer.DefaultRowBudget, "Token rows computed at once: more for a GPU.");

    private readonly Option<double> seconds = NumberOption.Of(
        "--seconds", NumberRule.Between(0, 3600, 2), 2, "Time for each measurement.");

    private readonly Option<BenchTime> clock = ChoiceOption.Of(
        "--clock", BenchTime.Wall, "cpu: the process's own time, which holds on a busy machine; for one thread on the CPU.");

    private readonly Option<bool> profile = TextOption.Flag(
        "--profile", "Show where the time of each kind of work goes, operation by operation, by --clock.");

    private readonly DeviceOptions devices = new();
    private readonly MemoryOptions memory = new();
    private readonly PlanOptions plan = new("Say what memory each kind of work would take; measure nothing. No weights are needed.");
    private readonly Option<bool> json = CommonOptions.Json();

    public BenchVerb()
        : base(
            "bench",
            "Measure this machine: matrix products, training, scoring and sampling, the share of the products' speed that they reach, and "
                + "the memory they take. Shared prompts count once, padding never.") =>
        Take(
        [
            shapes, work, architecture, lengths, batch, prompts, rowBudget, seconds, clock, profile, .. devices.All, .. memory.All,
            .. plan.All, json,
        ], Run);

    public override IReadOnlyList<string> Examples { get; } =
    [
        "goodhart bench", "goodhart bench --shapes M --threads 1 --seconds 5", "goodhart bench --shapes L --threads 1 --profile",
        "goodhart bench --shapes d,e --work dpo,sft --threads 1 --clock cpu",
        "goodhart bench --device cuda --shapes pythia-1b,pythia-6.9b --work dpo --batch 64 --row-budget 8192",
        "goodhart bench --device cuda --precision bf16 --shapes pythia-6.9b --work dpo --row-budget 4096 --activation-checkpointing --plan "
            + "--device-memory 140",
    ];

    private int Run(ParseResult parse, CancellationToken cancel)
    {
        Architecture chosen = Architecture.Named(parse.GetValue(architecture)!);
        BenchWork[] works = Distinct(parse.GetValue(work)!, BenchWork.Named);
        Measured[] measured = [.. Distinct(parse.GetValue(shapes)!, BenchShapes.Named).Select(shape => Of(shape, chosen, parse))];
        BenchTime time = parse.GetValue(clock);
        if (!works.Any(kind => kind.Trains) && memory.All.FirstOrDefault(IsGiven) is { } spared)
        {
            throw new ArgumentException(
                $"{spared.Name} is for work that trains; {string.Join(", ", works.Select(kind => kind.Name))} does not.");
        }

        if (plan.IsAsked(parse))
        {
            return Array.Find<Option>([seconds, clock, profile], IsGiven) is { } ofTime
                ? throw new ArgumentException($"{ofTime.Name} is for a measurement, and --plan measures nothing: leave one of them out.")
                : Plan(measured, works, plan.Memory(parse, memory.Of(parse), devices), parse);
        }

        if (time == BenchTime.Cpu && devices.Threads(parse) > 1)
        {
            throw new ArgumentException("--clock cpu: expected --threads 1; of several threads the process's time is the sum.");
        }

        using IDevice device = devices.Create(parse);
        memory.Of(parse).Require(device.Info);
        if (time == BenchTime.Cpu && DeviceChoice.IsGpu(device.Info))
        {
            throw new ArgumentException("--clock cpu: a GPU's time is none of the process's; take --clock wall.");
        }

        RequireMemory(device, measured, works);
        BenchResult result = Measure(device, measured, works, parse, cancel);
        if (parse.GetValue(json))
        {
            Out(parse).WriteLine(JsonLayout.Text(result));
        }
        else
        {
            BenchTables.Write(result, Ansi.On(Out(parse)));
        }

        return ExitCode.Done;

        bool IsGiven(Option option) => parse.GetResult(option) is { Implicit: false };
    }

    private BenchResult Measure(
        IDevice device, IReadOnlyList<Measured> measured, IReadOnlyList<BenchWork> works, ParseResult parse, CancellationToken cancel)
    {
        TimeSpan time = TimeSpan.FromSeconds(parse.GetValue(seconds));
        BenchClock measure = parse.GetValue(clock) == BenchTime.Cpu ? BenchClock.Processor : BenchClock.Wall;
        double peak = MatrixPeak.Measure(device, time, measure);
        OpProfile? operations = parse.GetValue(profile) ? new OpProfile(measure) : null;
        using IDevice? timed = operations is null ? null : new ProfiledDevice(device, operations);
        MemoryMeter held = new();
        using MeteredDevice metered = new(timed ?? device, held);
        using ModelBench bench = new(metered, held, peak, measure, time, operations);
        List<BenchRow> rows = [];
        foreach (Measured one in measured)
        {
            using LanguageModel model = one.Config.Create(metered, training: works.Any(kind => kind.Trains));
            BenchWeights.Fill(model);
            WorkSetting setting = new(model, one.Choice);
            rows.AddRange(works.SelectMany(kind => bench.Run(one.Shape.Name, kind, setting, cancel)));
        }

        DeviceInfo info = device.Info;
        return new BenchResult(
            System.Runtime.InteropServices.RuntimeInformation.OSDescription, info.Name, info.InstructionSet, info.NumericsVersion,
            info.Threads, parse.GetValue(clock) == BenchTime.Cpu ? "cpu" : "wall", peak, parse.GetValue(architecture)!, rows);
    }

    private Measured Of(BenchShape shape, Architecture chosen, ParseResult parse) => new(
        shape,
        shape.Config(chosen),
        new WorkChoice(
            shape.Texts(
                parse.GetValue(batch) ?? shape.UsualBatch, parse.GetValue(prompts), parse.GetValue(lengths) == BenchLengths.Tldr),
            parse.GetValue(rowBudget), memory.Of(parse)));

    /// <returns>Bad input where something does not fit.</returns>
    private int Plan(IReadOnlyList<Measured> measured, IReadOnlyList<BenchWork> works, DeviceMemory there, ParseResult parse)
    {
        (BenchShape Shape, ModelConfig Config, BenchWork Work, MemoryUse Use)[] plans =
        [
            .. measured.SelectMany(one => works.Select(
                kind => (one.Shape, one.Config, kind, BenchMemory.Of(kind, one.Config, one.Choice, there)))),
        ];
        if (parse.GetValue(json))
        {
            Out(parse).WriteLine(JsonLayout.Text(plans.Select(
                planned => new { model = planned.Shape.Name, work = planned.Work.Name, planned.Use.Bytes, planned.Use.Parts })));
        }
        else
        {
            BenchMemory.Write(plans, Ansi.On(Out(parse)));
        }

        foreach ((BenchShape shape, _, BenchWork kind, MemoryUse use) in plans)
        {
            BenchMemory.Require(shape, kind, use, there.Usable);
        }

        return ExitCode.Done;
    }

    private static void RequireMemory(IDevice device, IReadOnlyList<Measured> measured, IReadOnlyList<BenchWork> works)
    {
        if (DeviceChoice.IsGpu(device.Info))
        {
            return;   // what a GPU has left, its library says where it is asked for more
        }

        DeviceMemory left = DeviceMemory.Of(device.Info) with { Bytes = ProcessMemory.Available() };
        foreach (Measured one in measured)
        {
            foreach (BenchWork kind in works)
            {
                BenchMemory.Require(one.Shape, kind, BenchMemory.Of(kind, one.Config, one.Choice, left), left.Bytes);
            }
        }
    }

    private static T[] Distinct<T>(string list, Func<string, T> named) => [.. CommaList.Split(list).Select(named).Distinct()];

    private sealed record Measured(BenchShape Shape, ModelConfig Config, WorkChoice Choice);
}
