using Goodhart.Engine.Planning;
using Goodhart.Engine.Torch.Library;
using Xunit;

namespace Goodhart.Engine.Torch.Tests.Memory;

/// <summary>Counts the bytes of the tensors that an operation holds, on top of those that arenas have in use.</summary>
internal sealed unsafe class HeldTensors
{
    private readonly MemoryMeter arenas;
    private readonly delegate* unmanaged<nint, void**, int> data;
    private readonly delegate* unmanaged<nint, long*, int> offset;
    private readonly delegate* unmanaged<nint, long*, int> size;
    private readonly delegate* unmanaged<nint, int*, int> type;
    private readonly Dictionary<int, int> sizes = [];
    private readonly HashSet<long> borrowed = [];

    public HeldTensors(MemoryMeter arenas)
    {
        this.arenas = arenas;
        TorchExports exports = new(TorchSearch.Find(AppContext.BaseDirectory), cuda: false);
        data = (delegate* unmanaged<nint, void**, int>)exports["aoti_torch_get_data_ptr"];
        offset = (delegate* unmanaged<nint, long*, int>)exports["aoti_torch_get_storage_offset"];
        size = (delegate* unmanaged<nint, long*, int>)exports["aoti_torch_get_storage_size"];
        type = (delegate* unmanaged<nint, int*, int>)exports["aoti_torch_get_dtype"];
        foreach ((string name, int bytes) in (ReadOnlySpan<(string, int)>)
            [("float32", 4), ("float64", 8), ("bfloat16", 2), ("int32", 4), ("int64", 8), ("bool", 1)])
        {
            sizes[((delegate* unmanaged<int>)exports[$"aoti_torch_dtype_{name}"])()] = bytes;
        }
    }

    /// <summary>The most that operations held.</summary>
    public long Most { get; private set; }

    /// <summary>The most that arenas had in use and operations held at one time.</summary>
    public long PeakBytes { get; private set; }

    /// <inheritdoc cref="TorchOptions.Made"/>
    public void Made(IReadOnlyList<nint> held, bool isBorrowed)
    {
        if (held.Count == 1)
        {
            borrowed.Clear();   // another operation
        }

        if (isBorrowed && Storage(held[^1]) is { } own)
        {
            borrowed.Add(own.Start);
        }

        // Views share a storage. Bytes without a type are the arenas' slabs.
        long bytes = held.Select(Storage).OfType<(long Start, long Bytes)>().Where(storage => !borrowed.Contains(storage.Start))
            .Distinct().Sum(storage => storage.Bytes);
        Most = Math.Max(Most, bytes);
        PeakBytes = Math.Max(PeakBytes, arenas.Bytes + bytes);
    }

    private (long Start, long Bytes)? Storage(nint handle)
    {
        void* start;
        long first;
        long bytes;
        int number;
        Assert.Equal(0, data(handle, &start) | offset(handle, &first) | size(handle, &bytes) | type(handle, &number));
        return sizes.TryGetValue(number, out int each) ? ((long)start - (first * each), bytes) : null;
    }
}
