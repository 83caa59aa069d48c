using System.CommandLine;
using Goodhart.Cli.Parsing;
using Goodhart.Engine;
using Goodhart.Steps.Planning;

namespace Goodhart.Cli.Stages;

/// <summary>Whether to plan only, and for what memory.</summary>
internal sealed class PlanOptions
{
    private readonly Option<bool> plan;

    private readonly Option<double?> memory = NumberOption.Above0OrNone(
        "--device-memory", "--plan: GiB of memory to plan for. Default: what --device has.");

    /// <param name="what">What a plan does.</param>
    public PlanOptions(string what) => plan = new Option<bool>("--plan") { Description = what };

    public IReadOnlyList<Option> All => [plan, memory];

    /// <exception cref="ArgumentException">Memory to plan for, and no plan.</exception>
    public bool IsAsked(ParseResult parse) => parse.GetValue(plan) || (parse.GetValue(memory) is null
        ? false
        : throw new ArgumentException($"{memory.Name} is for {plan.Name}."));

    /// <summary>What to plan for: where the user says how much there is, the device need not be at hand.</summary>
    public DeviceMemory Memory(ParseResult parse, Func<int, IDevice> createDevice, Precision precision)
    {
        if (parse.GetValue(memory) is { } gibibytes)
        {
            return new DeviceMemory("the device", (long)(gibibytes * (1L << 30)), IsHost: false, precision);
        }

        using IDevice device = createDevice(1);
        return DeviceMemory.Of(device.Info);
    }
}
