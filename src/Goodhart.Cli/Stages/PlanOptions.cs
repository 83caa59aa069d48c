using System.CommandLine;
using Goodhart.Alignment.Training;
using Goodhart.Cli.Parsing;
using Goodhart.Engine;
using Goodhart.Steps.Planning;

namespace Goodhart.Cli.Stages;

/// <summary>Whether to plan only, and for what memory.</summary>
internal sealed class PlanOptions
{
    private readonly Option<bool> plan;

    private readonly Option<double?> memory = NumberOption.Above0OrNone(
        "--device-memory", "--plan: GiB of memory of a device that need not be at hand; no time is told then. Default: what --device has.");

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
    public DeviceMemory Memory(ParseResult parse, TrainingMemory training, Func<int, IDevice> createDevice, Precision precision)
    {
        if (parse.GetValue(memory) is { } gibibytes)
        {
            return new DeviceMemory("the device", (long)(gibibytes * (1L << 30)), IsHost: false, precision);
        }

        using IDevice device = createDevice(1);
        training.Require(device.Info);
        return DeviceMemory.Of(device.Info);
    }
}
