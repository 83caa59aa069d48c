using Goodhart.Engine;
using Goodhart.Engine.Cpu;

namespace Goodhart.Cli.Devices;

/// <summary>A device by the name that users give it: the one place that makes devices.</summary>
/// <param name="Name">As <c>--device</c> has it.</param>
/// <param name="Create">Makes one with so many threads.</param>
internal sealed record DeviceChoice(string Name, Func<int, IDevice> Create)
{
    /// <summary>Needs nothing that the program does not bring.</summary>
    public static DeviceChoice Cpu { get; } = new("cpu", threads => new CpuDevice(threads));

    /// <summary>All that a name can stand for, as help texts list them.</summary>
    public const string Names = "cpu";

    /// <summary>Null: there is none of this name.</summary>
    public static DeviceChoice? Find(string name) => name == Cpu.Name ? Cpu : null;
}
