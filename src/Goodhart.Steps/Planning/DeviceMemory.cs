using Goodhart.Engine;

namespace Goodhart.Steps.Planning;

/// <summary>The memory that work is planned for.</summary>
/// <param name="Place">In words.</param>
/// <param name="Bytes">What there is.</param>
/// <param name="IsHost">Whether it is the program's own memory too.</param>
/// <param name="Precision">In which the device stores.</param>
public sealed record DeviceMemory(string Place, long Bytes, bool IsHost, Precision Precision)
{
    /// <summary>What is left goes to the rest of the machine, and to what a plan does not know of.</summary>
    private const double UsableShare = 0.9;

    /// <summary>What the device takes besides what it is asked for.</summary>
    public WorkingMemory Working { get; init; } = WorkingMemory.Small;

    public long Usable => (long)(UsableShare * Bytes);

    /// <summary>This machine's, as far as the process may use it.</summary>
    public static DeviceMemory Host => new("this machine", GC.GetGCMemoryInfo().TotalAvailableMemoryBytes, IsHost: true, Precision.F32);

    public static DeviceMemory Of(DeviceInfo device) => (device.OwnMemory is { } bytes
        ? new(device.Name, bytes, IsHost: false, device.Precision)
        : Host with { Precision = device.Precision }) with
    { Working = device.Working };
}
