namespace Goodhart.Engine;

/// <summary>A bump allocator over one slab: allocation is an addition, and everything is freed at once by <see cref="Reset"/>.</summary>
public interface IArena : IDisposable
{
    string Name { get; }

    /// <summary>The most bytes that were ever in use: what the next arena of this kind should have.</summary>
    long PeakBytes { get; }

    /// <summary>Bytes that it holds of the device's memory, in use or not.</summary>
    long ReservedBytes { get; }

    /// <summary>A matrix whose content is undefined, aligned to 64 bytes, rows contiguous.</summary>
    /// <exception cref="InvalidOperationException">The slab cannot grow to hold it.</exception>
    Mat Allocate(int rows, int cols, DType type = DType.F32);

    /// <summary>Frees everything allocated since creation; memory stays with the arena.</summary>
    void Reset();
}
