namespace Goodhart.Engine.Cpu;

/// <summary>
/// C = A B (+ bias + addend), or C += A B. Every element of C is one chain of fused multiply-adds over ascending depth that starts
/// from 0 (from C where it accumulates); then the bias, then the addend is added. So an element's bits depend on nothing but its
/// row of A and its column of B: not on the tile, the batch or the thread.
/// </summary>
internal readonly unsafe struct GemmCall(GemmPanels panels, int rows, int depth)
{
    public GemmPanels Panels { get; } = panels;

    public int Rows { get; } = rows;

    public int Depth { get; } = depth;

    /// <summary>Element (i, p) at A[i·RowStride + p·DepthStride].</summary>
    public float* A { get; init; }

    public nint RowStride { get; init; }

    public nint DepthStride { get; init; }

    /// <summary>B [Depth, columns], laid out as <see cref="Panels"/> says.</summary>
    public float* Packed { get; init; }

    /// <summary>One per padded column, or null.</summary>
    public float* Bias { get; init; }

    /// <summary>[Rows, columns], or null; may be C.</summary>
    public float* Addend { get; init; }

    public nint AddendStride { get; init; }

    public float* C { get; init; }

    public nint Stride { get; init; }

    public bool Accumulate { get; init; }

    /// <summary>What will be read after this product, to be brought near meanwhile; may be null.</summary>
    public float* Next { get; init; }

    /// <summary>Floats of <see cref="Next"/>.</summary>
    public nint NextCount { get; init; }
}

/// <summary>Where a tile's sums go.</summary>
internal unsafe struct TileOutput
{
    public float* C;
    public nint Stride;
    public float* Bias;
    public float* Addend;
    public nint AddendStride;
    public bool Accumulate;

    /// <summary>Memory to bring near while the sums run, and how far to go at each step of depth.</summary>
    public float* Ahead;
    public nint AheadStep;
}
