using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Goodhart.Cli.Parsing;
using Goodhart.Engine;

namespace Goodhart.Cli.Devices;

/// <summary>On what a verb computes: the same options wherever something is computed.</summary>
internal sealed class DeviceOptions
{
    private readonly Option<string> device = TextOption.Of(
        "--device", "NAME", DeviceChoice.Cpu.Name, $"What computes: {DeviceChoice.Names}.");

    private readonly Option<string?> libtorch = TextOption.OrNone(
        "--libtorch", "DIR",
        "torch and cuda: the folder of libtorch or of a Python torch. Default: GOODHART_LIBTORCH, else the active Python's.");

    private readonly Option<string> precision = TextOption.Of(
        "--precision", "NAME", Precision.F32.Name,
        "torch and cuda: f32, or bf16 (bfloat16 activations and products; master weights, gradients, optimizer states, "
            + "statistics and losses stay float32).");

    private readonly Option<int> threads = CommonOptions.Threads();

    public DeviceOptions()
    {
        device.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: { } name }] && DeviceChoice.Find(name) is null)
            {
                result.AddError($"{device.Name}: expected {DeviceChoice.Names}, found '{name}'. Example: {device.Name} torch");
            }
        });
        precision.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: { } name }])
            {
                if (Precision.Find(name) is not { } found)
                {
                    string names = string.Join(" or ", Precision.All.Select(known => known.Name));
                    result.AddError($"{precision.Name}: expected {names}, found '{name}'. Example: {precision.Name} {Precision.BF16.Name}");
                }
                else if (found != Precision.F32 && IsCpu(result))
                {
                    result.AddError(
                        $"{precision.Name} {name} is for {device.Name} torch or cuda; {DeviceChoice.Cpu.Name} computes in "
                        + $"{Precision.F32.Name}.");
                }
            }
        });
        libtorch.Validators.Add(result =>
        {
            if (IsCpu(result))
            {
                result.AddError($"{libtorch.Name} is for {device.Name} torch or cuda; {DeviceChoice.Cpu.Name} needs no library.");
            }
        });
    }

    public IReadOnlyList<Option> All => [device, libtorch, precision, threads];

    /// <summary>By the words of the command line: the value of an option that is not right itself cannot be asked for.</summary>
    private bool IsCpu(OptionResult asking) => asking.GetResult(device)?.Tokens switch
    {
        null or [] => true,
        [{ Value: { } name }] => name == DeviceChoice.Cpu.Name,
        _ => false,
    };

    public int Threads(ParseResult parse) => parse.GetValue(threads);

    public string Name(ParseResult parse) => parse.GetValue(device)!;

    public Precision PrecisionOf(ParseResult parse) => Precision.Find(parse.GetValue(precision)!)!;

    /// <summary>What makes devices with a number of threads.</summary>
    public Func<int, IDevice> Maker(ParseResult parse)
    {
        DeviceChoice choice = DeviceChoice.Find(parse.GetValue(device)!)!;
        string? folder = parse.GetValue(libtorch);
        Precision stored = PrecisionOf(parse);
        return count => choice.Create(count, folder, stored);
    }

    /// <summary>The GPUs that worker processes may have, one each, as CUDA_VISIBLE_DEVICES names them; none: they compute on the host.
    /// </summary>
    /// <exception cref="InvalidDataException">One of them is named: every worker would take that one.</exception>
    public IReadOnlyList<string> Gpus(ParseResult parse)
    {
        string name = parse.GetValue(device)!;
        return name.StartsWith($"{DeviceChoice.AnyGpu.Name}:", StringComparison.Ordinal)
            ? throw new InvalidDataException(
                $"{device.Name} {name}: workers get a GPU each. Say {device.Name} {DeviceChoice.AnyGpu.Name}, and name those that they may "
                + $"have in CUDA_VISIBLE_DEVICES, for example CUDA_VISIBLE_DEVICES={name[(DeviceChoice.AnyGpu.Name.Length + 1)..]}.")
            : name == DeviceChoice.AnyGpu.Name ? DeviceChoice.Gpus() : [];
    }

    /// <summary>The options again, for a command that computes the same bits.</summary>
    /// <param name="count">Its threads.</param>
    public IReadOnlyList<string> Arguments(ParseResult parse, int count) =>
    [
        device.Name, parse.GetValue(device)!,
        .. parse.GetValue(libtorch) is { } folder ? (string[])[libtorch.Name, Path.GetFullPath(folder)] : [],
        precision.Name, PrecisionOf(parse).Name, threads.Name, count.ToString(CultureInfo.InvariantCulture),
    ];

    /// <summary>One device with all the threads.</summary>
    public IDevice Create(ParseResult parse) => Maker(parse)(Threads(parse));
}
