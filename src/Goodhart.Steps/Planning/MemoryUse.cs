using Goodhart.Engine;
using Goodhart.Engine.Planning;

namespace Goodhart.Steps.Planning;

/// <summary>What some work takes of a device's memory at its peak.</summary>
/// <param name="Bytes">Of all arenas together.</param>
/// <param name="Parts">Bytes by the names of arenas.</param>
public sealed record MemoryUse(long Bytes, IReadOnlyDictionary<string, long> Parts)
{
    /// <summary>Goes through the work on a device that computes nothing and has no memory, and counts what it asks for.</summary>
    /// <param name="memory">What it is planned for: what untouched memory costs there.</param>
    public static MemoryUse Of(DeviceMemory memory, Action<IDevice> work)
    {
        MemoryMeter meter = new();
        // The CPU device is what computes in the host's memory, but for the other library there, of which the plan then says a little more.
        using BlankDevice blank = new(memory.Precision, copiesHeldWeights: memory.IsHost);
        using MeteredDevice device = new(blank, meter, reserved: !memory.IsHost);
        work(device);
        return new MemoryUse(meter.PeakBytes, meter.AtPeak);
    }
}
