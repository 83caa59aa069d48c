namespace Goodhart.Engine.Planning;

/// <summary>A device that computes nothing and has no memory: a run on it asks for what the same run on a real one asks for.</summary>
/// <param name="copiesHeldWeights">Whether the device that it stands for does: see <see cref="IDevice.Hold"/>.</param>
/// <remarks>What is read is 0. Arenas hand out places that nothing stands behind, so models of any size fit.</remarks>
public sealed class BlankDevice(Precision precision, bool copiesHeldWeights = false) : IDevice, ISlabs
{
    /// <summary>Float32 numbers in a wide vector.</summary>
    private const int Lanes = 16;

    private int slabs;

    public DeviceInfo Info { get; } = new("plan", "none", "none", Threads: 1)
    {
        Precision = precision,
        Computes = false,
    };

    public IOps Ops { get; } = new BlankOps();

    public IArena CreateArena(string name, long bytes) => new BumpArena(this, name, bytes);

    public void Upload(Mem destination, ReadOnlySpan<byte> source) =>
        ArgumentOutOfRangeException.ThrowIfNotEqual(source.Length, destination.Bytes);

    public IPending Read(Mem source) => new Zeros(checked((int)source.Bytes));

    public IPlan Prepare(SequencePlan plan, IArena arena) => new BlankPlan(plan, arena, Upload);

    public IDisposable Hold(HeldWeights weights, IArena arena)
    {
        foreach (Mat weight in copiesHeldWeights ? weights.Linear.Append(weights.Head) : [])
        {
            // Columns of products stand in whole vectors, and in two at least.
            arena.Allocate(Math.Max(2, (weight.Rows + Lanes - 1) / Lanes) * Lanes, weight.Cols, weight.Type);
        }

        return HeldWeights.AsTheyAre;
    }

    int ISlabs.AddSlab(long bytes) => slabs++;

    void ISlabs.FreeSlab(int slab, long bytes)
    {
        // There is nothing to free.
    }

    void ISlabs.ForgetSlab(int slab)
    {
        // Nothing is known of a slab's content.
    }

    public void Dispose()
    {
    }

    private sealed class Zeros(int bytes) : IPending
    {
        public ReadOnlySpan<byte> Wait() => new byte[bytes];
    }

    private sealed class BlankPlan(SequencePlan source, IArena arena, Action<Mem, ReadOnlySpan<byte>> upload)
        : PlanTables(source, arena, upload);
}
