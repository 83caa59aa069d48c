using Goodhart.Engine;
using Goodhart.Engine.Planning;

namespace Goodhart.Steps.Planning;

/// <summary>What some work takes of a device's memory at its peak.</summary>
/// <param name="Bytes">Of all arenas and operations together.</param>
/// <param name="Parts">Bytes by the names of arenas; "operations": what these take while they run.</param>
public sealed record MemoryUse(long Bytes, IReadOnlyDictionary<string, long> Parts)
{
    /// <summary>Goes through the work on a device that computes nothing and has no memory, and counts what it asks for.</summary>
    /// <param name="memory">What it is planned for: what untouched memory costs there.</param>
    public static MemoryUse Of(DeviceMemory memory, Action<IDevice> work)
    {
        MemoryMeter meter = new();
        using BlankDevice blank = new(memory.Precision, memory.Working, meter);
        using MeteredDevice device = new(blank, meter, reserved: !memory.IsHost);
        work(device);
        return new MemoryUse(meter.PeakBytes, meter.AtPeak);
    }
}
