namespace Goodhart.Engine;

/// <summary>
/// A bump allocator over slabs. When the slab is full another is added: twice as large while slabs are small, then a quarter of what there
/// is; <see cref="Reset"/> then replaces them by one slab of the peak size and a quarter, so that a steady state has no allocation at all,
/// also where batches differ in size.
/// </summary>
public sealed class BumpArena(ISlabs memory, string name, long bytes) : IArena
{
    private const long Alignment = 64;

    /// <summary>Up to here slabs double.</summary>
    private const long Small = 64 << 20;

    private readonly List<(int Slab, long Bytes)> slabs = [(memory.AddSlab(Math.Max(bytes, Alignment)), Math.Max(bytes, Alignment))];
    private long offset;
    private long earlier;

    public string Name => name;

    public long PeakBytes { get; private set; }

    public long ReservedBytes => slabs.Sum(slab => slab.Bytes);

    public Mat Allocate(int rows, int cols, DType type = DType.F32)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(rows);
        ArgumentOutOfRangeException.ThrowIfNegative(cols);
        long size = (long)rows * cols * type.Size();
        long padded = (size + Alignment - 1) / Alignment * Alignment;
        (int slab, long capacity) = slabs[^1];
        if (offset + padded > capacity)
        {
            earlier += offset;
            capacity = Math.Max(padded, Math.Min(2 * capacity, Math.Max(Small, ReservedBytes / 4)));
            slab = memory.AddSlab(capacity);
            slabs.Add((slab, capacity));
            offset = 0;
        }

        Mat mat = new(new Mem(slab, offset, size), rows, cols, cols, type);
        offset += padded;
        PeakBytes = Math.Max(PeakBytes, earlier + offset);
        return mat;
    }

    public void Reset()
    {
        if (slabs.Count > 1)
        {
            Free();
            long size = PeakBytes + (PeakBytes / 4);
            slabs.Add((memory.AddSlab(size), size));
        }

        memory.ForgetSlab(slabs[^1].Slab);
        offset = 0;
        earlier = 0;
    }

    public void Dispose() => Free();

    private void Free()
    {
        foreach ((int slab, long size) in slabs)
        {
            memory.FreeSlab(slab, size);
        }

        slabs.Clear();
    }
}
