namespace Goodhart.Engine;

/// <summary>What runs tensor operations: in order, on memory that only it can see.</summary>
public interface IDevice : IDisposable
{
    DeviceInfo Info { get; }

    IOps Ops { get; }

    /// <param name="name">Shown when memory runs out.</param>
    /// <param name="bytes">A first size; an arena grows where the device can grow it.</param>
    IArena CreateArena(string name, long bytes);

    /// <summary>Copies host bytes to the device, ordered with the operations.</summary>
    void Upload(Mem destination, ReadOnlySpan<byte> source);

    /// <summary>Copies device bytes to the host: the only way back, ordered with the operations.</summary>
    IPending Read(Mem source);

    /// <summary>Builds the index tables of a forest, once per micro-batch. Tables live in <paramref name="arena"/>.</summary>
    IPlan Prepare(SequencePlan plan, IArena arena);

    /// <summary>Promises that weights stay as they are until the result is disposed of: a device may lay them out for products once,
    /// where it otherwise does at every product. No result changes.</summary>
    /// <param name="arena">For what it lays out; it must live as long.</param>
    IDisposable Hold(HeldWeights weights, IArena arena);
}

/// <summary>Weights that many products read.</summary>
/// <param name="Linear">Of <see cref="IOps.Linear"/>.</param>
/// <param name="Head">Of the head's operations.</param>
public sealed record HeldWeights(IReadOnlyList<Mat> Linear, Mat Head)
{
    /// <summary>What a device returns that lays out nothing.</summary>
    public static IDisposable AsTheyAre { get; } = new Nothing();

    private sealed class Nothing : IDisposable
    {
        public void Dispose()
        {
            // Nothing was laid out.
        }
    }
}

/// <summary>A read under way.</summary>
public interface IPending
{
    /// <summary>Waits for the bytes. The span is valid until the next read on this device.</summary>
    ReadOnlySpan<byte> Wait();
}

/// <param name="Name">For example "cpu".</param>
/// <param name="InstructionSet">The class within which results are bit-identical: AVX-512, AVX2, portable, Arm.</param>
/// <param name="NumericsVersion">Changes when the same operations would give other bits: it enters the key of every computed step.</param>
public sealed record DeviceInfo(string Name, string InstructionSet, string NumericsVersion, int Threads)
{
    /// <summary>In what it stores and multiplies.</summary>
    public Precision Precision { get; init; } = Precision.F32;

    /// <summary>False of one that only counts what it is asked for: nobody need keep its results.</summary>
    public bool Computes { get; init; } = true;

    /// <summary>Bytes of the memory that it has for itself; null where it computes in the host's.</summary>
    public long? OwnMemory { get; init; }

    /// <summary>What it takes besides the memory it is asked for.</summary>
    public WorkingMemory Working { get; init; } = WorkingMemory.Small;

    /// <summary>Whether results have the same bits for any number of threads, and however a batch is cut.</summary>
    public bool PromisesBits { get; init; }

    /// <summary>What enters the keys of computed steps: where bits depend on threads and on how batches are cut, these too.</summary>
    /// <param name="threads">Of one step.</param>
    /// <param name="rowBudget">Token rows computed at once.</param>
    public string Numerics(int threads, int rowBudget) =>
        PromisesBits ? NumericsVersion : FormattableString.Invariant($"{NumericsVersion}, {threads} threads, {rowBudget} rows");

    /// <summary>Threads of a step: what is offered, or, where bits depend on them, its share and never more.</summary>
    /// <param name="offered">More than the share where nothing else happens to run.</param>
    /// <param name="threads">Of the machine.</param>
    /// <param name="workers">Steps that may run side by side.</param>
    public int ThreadsOfStep(int offered, int threads, int workers) => PromisesBits ? offered : Math.Max(1, threads / workers);
}
