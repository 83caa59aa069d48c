using Goodhart.Engine;

namespace Goodhart.Cli.Bench;

/// <summary>A device whose operations are timed one by one. It does not own the device behind it.</summary>
internal sealed class ProfiledDevice(IDevice inner, OpProfile profile) : IDevice
{
    public DeviceInfo Info => inner.Info;

    public IOps Ops { get; } = new ProfiledOps(inner.Ops, profile);

    public IArena CreateArena(string name, long bytes) => inner.CreateArena(name, bytes);

    public void Upload(Mem destination, ReadOnlySpan<byte> source) => inner.Upload(destination, source);

    public IPending Read(Mem source) => inner.Read(source);

    public IPlan Prepare(SequencePlan plan, IArena arena)
    {
        IPlan? prepared = null;
        profile.Time(new OpKey("prepare forest"), 0, () => prepared = inner.Prepare(plan, arena));
        return prepared!;
    }

    public IDisposable Hold(HeldWeights weights, IArena arena)
    {
        IDisposable? held = null;
        profile.Time(new OpKey("lay out weights"), 0, () => held = inner.Hold(weights, arena));
        return held!;
    }

    public void Dispose()
    {
    }
}
