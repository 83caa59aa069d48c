namespace Goodhart.Engine.Planning;

/// <summary>A device that computes nothing and has no memory: a run on it asks for what the same run on a real one asks for.</summary>
/// <remarks>What is read is 0. Arenas hand out places that nothing stands behind, so models of any size fit.</remarks>
public sealed class BlankDevice : IDevice, ISlabs
{
    /// <summary>Float32 numbers in a wide vector.</summary>
    private const int Lanes = 16;

    private readonly WorkingMemory working;
    private int slabs;
    private long most;

    /// <param name="working">Of the device that it stands for.</param>
    /// <param name="meter">Counts what operations take for themselves: the most that one ever took, which allocators keep.</param>
    public BlankDevice(Precision precision, WorkingMemory working, MemoryMeter meter)
    {
        this.working = working;
        Info = new DeviceInfo("plan", "none", "none", Threads: 1) { Precision = precision, Computes = false };
        Ops = new BlankOps(working, bytes =>
        {
            if (bytes > most)
            {
                meter.Change("operations", bytes - most);
                most = bytes;
            }
        });
    }

    public DeviceInfo Info { get; }

    public IOps Ops { get; }

    public IArena CreateArena(string name, long bytes) => new BumpArena(this, name, bytes);

    public void Upload(Mem destination, ReadOnlySpan<byte> source) =>
        ArgumentOutOfRangeException.ThrowIfNotEqual(source.Length, destination.Bytes);

    public IPending Read(Mem source) => new Zeros(checked((int)source.Bytes));

    public IPlan Prepare(SequencePlan plan, IArena arena) => working.Prepare(plan, this, arena);

    public IDisposable Hold(HeldWeights weights, IArena arena)
    {
        foreach (Mat weight in working.CopiesHeldWeights ? weights.Linear.Append(weights.Head) : [])
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
}
