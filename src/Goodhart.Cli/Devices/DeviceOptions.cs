using System.CommandLine;
using Goodhart.Cli.Parsing;
using Goodhart.Engine;

namespace Goodhart.Cli.Devices;

/// <summary>On what a verb computes: the same options wherever something is computed.</summary>
internal sealed class DeviceOptions
{
    private readonly Option<string> device = new("--device")
    {
        Description = $"What computes: {DeviceChoice.Names}.",
        DefaultValueFactory = _ => DeviceChoice.Cpu.Name,
        HelpName = "NAME",
    };

    private readonly Option<int> threads = CommonOptions.Threads();

    public DeviceOptions() => device.Validators.Add(result =>
    {
        if (result.Tokens is [{ Value: { } name }] && DeviceChoice.Find(name) is null)
        {
            result.AddError(
                $"{device.Name}: expected {DeviceChoice.Names}, found '{name}'. Example: {device.Name} {DeviceChoice.Cpu.Name}");
        }
    });

    public IReadOnlyList<Option> All => [device, threads];

    public int Threads(ParseResult parse) => parse.GetValue(threads);

    /// <summary>What makes devices with a number of threads.</summary>
    public Func<int, IDevice> Maker(ParseResult parse) => DeviceChoice.Find(parse.GetValue(device)!)!.Create;

    /// <summary>One device with all the threads.</summary>
    public IDevice Create(ParseResult parse) => Maker(parse)(Threads(parse));
}
