using System.Runtime.InteropServices;

namespace Goodhart.Engine.Cpu;

/// <summary>Numbered scratch buffers of one worker: each grows to its largest request and is kept.</summary>
internal sealed unsafe class Scratch : IDisposable
{
    private readonly nint[] addresses = new nint[16];
    private readonly long[] sizes = new long[16];

    /// <summary>
    /// At least <paramref name="count"/> floats, 64-byte aligned, content undefined. Asking again for a slot may move it.
    /// </summary>
    public float* Floats(int slot, long count)
    {
        if (sizes[slot] < count)
        {
            NativeMemory.AlignedFree((void*)addresses[slot]);
            sizes[slot] = Math.Max(count, sizes[slot] * 2);
            addresses[slot] = (nint)NativeMemory.AlignedAlloc((nuint)(sizes[slot] * sizeof(float)), 64);
        }

        return (float*)addresses[slot];
    }

    public void Dispose()
    {
        for (int slot = 0; slot < addresses.Length; slot++)
        {
            NativeMemory.AlignedFree((void*)addresses[slot]);
            addresses[slot] = 0;
        }
    }
}
