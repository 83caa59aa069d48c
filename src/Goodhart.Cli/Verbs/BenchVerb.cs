using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Goodhart.Cli.Bench;
using Goodhart.Cli.Devices;
using Goodhart.Cli.Parsing;
using Goodhart.Engine;
using Goodhart.Models;
using Goodhart.Studies.Configuration;
using Goodhart.Text;
using Spectre.Console;

namespace Goodhart.Cli.Verbs;

/// <summary><c>goodhart bench</c>: throughput and utilisation of this machine.</summary>
internal sealed class BenchVerb : Verb
{
    private static readonly IReadOnlyList<SizedModel> Shapes = [.. StudyFile.Preset(StudyPresets.Default).Models.OfType<SizedModel>()];
    private static readonly IReadOnlyList<string> Names = [.. Shapes.Select(shape => shape.Name)];

    private readonly Option<string> shapes = new("--shapes")
    {
        Description = "Model sizes of the default study, with commas between.",
        DefaultValueFactory = _ => string.Join(',', Names),
        HelpName = "S,M,L",
    };

    private readonly Option<string> architecture = new Option<string>("--architecture")
    {
        Description = $"Of the models: {string.Join(" or ", Architecture.Names)}.",
        DefaultValueFactory = _ => Architecture.Default.Name,
        HelpName = "NAME",
    }.AcceptOnlyFromAmong([.. Architecture.Names]);

    private readonly Option<double> seconds = NumberOption.Of(
        "--seconds", NumberRule.Between(0, 3600, 2), 2, "Time for each measurement.");

    private readonly Option<bool> profile = new("--profile")
    {
        Description = "Show where the time of each kind of work goes, operation by operation.",
    };

    private readonly DeviceOptions devices = new();
    private readonly Option<bool> json = CommonOptions.Json();

    public BenchVerb()
        : base("bench", "Measure this machine: matrix products, training, sampling and scoring, and the share of the peak they reach.")
    {
        Array.ForEach<Option>([shapes, architecture, seconds, profile, .. devices.All, json], Options.Add);
        SetAction((parse, cancel) => Task.FromResult(Run(parse, cancel)));
    }

    public override IReadOnlyList<string> Examples { get; } =
    [
        "goodhart bench", "goodhart bench --shapes M --threads 1 --seconds 5", "goodhart bench --shapes L --threads 1 --profile",
        "goodhart bench --architecture llama --shapes M,L",
    ];

    private int Run(ParseResult parse, CancellationToken cancel)
    {
        SizedModel[] chosen =
        [
            .. CommaList.Split(parse.GetValue(shapes)!).Select(name => Find(name) with { Architecture = parse.GetValue(architecture) }),
        ];
        TimeSpan time = TimeSpan.FromSeconds(parse.GetValue(seconds));
        using IDevice device = devices.Create(parse);
        double peak = MatrixPeak.Measure(device, time);
        ModelBench bench = new(device, peak, time, parse.GetValue(profile));
        BenchResult result = new(
            System.Runtime.InteropServices.RuntimeInformation.OSDescription, device.Info.InstructionSet, device.Info.Threads, peak,
            parse.GetValue(architecture)!,
            [.. chosen.SelectMany(shape => bench.Run(shape, cancel))]);
        if (parse.GetValue(json))
        {
            Out(parse).WriteLine(JsonSerializer.Serialize(result, JsonLayout.Options));
        }
        else
        {
            Write(result, Ansi.On(Out(parse)));
        }

        return ExitCode.Done;
    }

    private static SizedModel Find(string name) => Shapes.FirstOrDefault(shape => shape.Name == name)
        ?? throw new ArgumentException($"--shapes: expected {string.Join(", ", Names)}, found '{name}'.");

    private static void Write(BenchResult result, IAnsiConsole console)
    {
        console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{result.Machine}, {result.InstructionSet}, {Quantity.Of(result.Threads, "thread")}; matrix products "
            + $"{result.GemmPeak / 1e9:0.0} GFLOP/s; models {result.Architecture}"));
        Table table = Ansi.Table("model", "parameters", "work", "tokens/s", "items/s", "GFLOP/s", "utilisation");
        foreach (BenchRow row in result.Rows)
        {
            table.AddText(
                row.Model, Number(row.Parameters, "N0"), row.Work, Number(row.TokensPerSecond, "N0"), Number(row.ItemsPerSecond, "N0"),
                Number(row.FlopsPerSecond / 1e9, "0.0"), Number(row.Utilisation, "P0"));
        }

        console.Write(table);
        foreach (BenchRow row in result.Rows.Where(row => row.Operations is not null))
        {
            WriteOperations(row, console);
        }
    }

    private static void WriteOperations(BenchRow row, IAnsiConsole console)
    {
        Table table = Ansi.Table($"{row.Model} {row.Work}", "calls", "ms", "share", "GFLOP/s");
        foreach (OpTime operation in row.Operations!)
        {
            table.AddText(
                operation.Operation,
                operation.Calls == 0 ? "" : Number(operation.Calls, "0.#"),
                Number(operation.Seconds * 1e3, "0.000"),
                Number(operation.Share, "P1"),
                operation.FlopsPerSecond == 0 ? "" : Number(operation.FlopsPerSecond / 1e9, "0.0"));
        }

        console.Write(table);
    }

    private static string Number(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
