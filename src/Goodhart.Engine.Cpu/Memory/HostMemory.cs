using System.Runtime.InteropServices;

namespace Goodhart.Engine.Cpu;

/// <summary>Slabs of 64-byte aligned native memory: what <see cref="Mem"/> handles of a host device point into.</summary>
public sealed unsafe class HostMemory : ISlabs, IDisposable
{
    private readonly List<nint> slabs = [];

    /// <summary>Bytes of all slabs together.</summary>
    public long Bytes { get; private set; }

    /// <summary>Start address of a range.</summary>
    public byte* Address(Mem mem) => (byte*)slabs[mem.Slab] + mem.Offset;

    public float* F32(Mat mat) => (float*)Address(mat.Mem);

    public int* I32(Mat mat) => (int*)Address(mat.Mem);

    public double* F64(Mat mat) => (double*)Address(mat.Mem);

    /// <inheritdoc/>
    public int AddSlab(long bytes)
    {
        void* address = NativeMemory.AlignedAlloc((nuint)bytes, bytes < LargePages.Size ? 64u : LargePages.Size);
        LargePages.Ask(address, bytes);
        Bytes += bytes;
        lock (slabs)
        {
            slabs.Add((nint)address);
            return slabs.Count - 1;
        }
    }

    public void FreeSlab(int slab, long bytes)
    {
        if (slabs[slab] != 0)
        {
            NativeMemory.AlignedFree((void*)slabs[slab]);
            slabs[slab] = 0;
            Bytes -= bytes;
        }
    }

    public void ForgetSlab(int slab)
    {
        // Nothing is known of a slab's content.
    }

    public void Dispose()
    {
        for (int slab = 0; slab < slabs.Count; slab++)
        {
            FreeSlab(slab, 0);
        }

        GC.SuppressFinalize(this);
    }
}
