using System.Runtime.Intrinsics;

namespace Goodhart.Engine.Torch;

/// <summary>Which libtorch computes, and on what.</summary>
public sealed record TorchOptions
{
    /// <summary>A folder with libtorch; null: it is looked for, see <see cref="Library.TorchSearch"/>.</summary>
    public string? Folder { get; init; }

    /// <summary>A CUDA device's number; null: libtorch's CPU.</summary>
    public int? CudaIndex { get; init; }

    /// <summary>Compute threads of the CPU.</summary>
    public int Threads { get; init; } = 1;

    public Precision Precision { get; init; } = Precision.F32;

    /// <summary>Whether the host does as if it could not look into the CPU's memory: for counting what it reads back.</summary>
    internal bool LooksAway { get; init; }

    /// <summary>Told of all tensors that an operation holds whenever it has made one more, and whether that one lies in memory which is not
    /// its own: for counting what operations take.</summary>
    internal Action<IReadOnlyList<nint>, bool>? Made { get; init; }

    /// <summary>Whether the CPU multiplies bfloat16 as float32: the sums are the same but for rounding.</summary>
    internal bool Widens { get; init; } = !Vector512.IsHardwareAccelerated;

    /// <summary>Whether attention may be a kernel of libtorch's; without them the same by products and exponentials.</summary>
    internal bool FusesAttention { get; init; } = true;
}
