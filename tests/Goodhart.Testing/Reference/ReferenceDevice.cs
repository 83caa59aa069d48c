using Goodhart.Engine;
using Goodhart.Engine.Cpu;

namespace Goodhart.Testing.Reference;

/// <summary>The specification as a device: plain loops, double accumulators, one thread. Slow, and easy to believe.</summary>
public sealed class ReferenceDevice : IDevice
{
    private readonly HostMemory memory = new();

    public ReferenceDevice() => Ops = new ReferenceOps(memory);

    public DeviceInfo Info { get; init; } = new("reference", "portable", "reference-1", 1) { PromisesBits = true };

    public IOps Ops { get; }

    public IArena CreateArena(string name, long bytes) => new BumpArena(memory, name, bytes);

    public unsafe void Upload(Mem destination, ReadOnlySpan<byte> source)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(source.Length, destination.Bytes);
        source.CopyTo(new Span<byte>(memory.Address(destination), source.Length));
    }

    public IPending Read(Mem source) => new HostRead(memory, source);

    public IPlan Prepare(SequencePlan plan, IArena arena) => new HostPlan(plan, arena, Upload);

    public IDisposable Hold(HeldWeights weights, IArena arena) => HeldWeights.AsTheyAre;

    public void Dispose() => memory.Dispose();
}
