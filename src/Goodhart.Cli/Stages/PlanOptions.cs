using System.CommandLine;
using Goodhart.Alignment.Training;
using Goodhart.Cli.Devices;
using Goodhart.Cli.Parsing;
using Goodhart.Engine;
using Goodhart.Steps.Planning;

namespace Goodhart.Cli.Stages;

/// <summary>Whether to plan only, and for what memory.</summary>
internal sealed class PlanOptions
{
    private readonly Option<bool> plan;

    private readonly Option<double?> memory = NumberOption.Above0OrNone(
        "--device-memory", "--plan: GiB of memory of a --device that need not be at hand; no time is told then. Default: what it has.");

    /// <param name="what">What a plan does.</param>
    public PlanOptions(string what) => plan = new Option<bool>("--plan") { Description = what };

    public IReadOnlyList<Option> All => [plan, memory];

    /// <exception cref="ArgumentException">Memory to plan for, and no plan.</exception>
    public bool IsAsked(ParseResult parse) => parse.GetValue(plan) || (parse.GetValue(memory) is null
        ? false
        : throw new ArgumentException($"{memory.Name} is for {plan.Name}."));

    /// <summary>Whether the device need not be at hand: the user says how much memory there is.</summary>
    public bool IsElsewhere(ParseResult parse) => parse.GetValue(memory) is not null;

    /// <summary>What to plan for.</summary>
    /// <param name="training">What training spends to take less.</param>
    /// <exception cref="InvalidDataException">A run on the device would refuse <paramref name="training"/>.</exception>
    public DeviceMemory Memory(ParseResult parse, TrainingMemory training, DeviceOptions devices)
    {
        if (parse.GetValue(memory) is { } gibibytes)
        {
            string name = devices.Name(parse);
            bool isHost = !DeviceChoice.IsGpu(name);
            training.Require(name, isHost);
            return new DeviceMemory(
                isHost ? "the machine" : "the device", (long)(gibibytes * (1L << 30)), isHost, devices.PrecisionOf(parse))
            {
                Working = DeviceChoice.Find(name)!.Working(devices.PrecisionOf(parse)),
            };
        }

        using IDevice device = devices.Maker(parse)(1);
        training.Require(device.Info);
        return DeviceMemory.Of(device.Info);
    }
}
