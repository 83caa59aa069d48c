namespace Goodhart.Engine;

/// <summary>A row-major matrix in device memory; activations are [tokens, features], vectors are [n, 1] or [1, n].</summary>
/// <param name="Ld">Elements from one row to the next; at least <paramref name="Cols"/>.</param>
public readonly record struct Mat(Mem Mem, int Rows, int Cols, int Ld, DType Type)
{
    public bool IsEmpty => Rows == 0 || Cols == 0;

    public long Count => (long)Rows * Cols;

    /// <summary>Rows [start, start + count).</summary>
    public Mat RowRange(int start, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(start);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(start + count, Rows);
        long stride = (long)Ld * Type.Size();
        long bytes = count == 0 ? 0 : (stride * (count - 1)) + ((long)Cols * Type.Size());
        return this with { Mem = Mem with { Offset = Mem.Offset + (stride * start), Bytes = bytes }, Rows = count };
    }

    /// <summary>The same contiguous elements as one row: what the optimizer and the global norm see.</summary>
    public Mat Flat()
    {
        ShapeException.Require(Ld == Cols || Rows <= 1, nameof(Flat), "a contiguous matrix", this);
        return this with { Rows = 1, Cols = checked((int)Count), Ld = checked((int)Count) };
    }

    /// <summary>Contiguous elements from a place on, as one row.</summary>
    public Mat Piece(long start, int count)
    {
        ShapeException.Require(Ld == Cols || Rows <= 1, nameof(Piece), "a contiguous matrix", this);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(start + count, Count);
        Mem part = new(Mem.Slab, Mem.Offset + (start * Type.Size()), (long)count * Type.Size());
        return new Mat(part, 1, count, count, Type);
    }

    /// <summary>The same contiguous elements with each row cut into so many.</summary>
    public Mat Split(int parts)
    {
        ShapeException.Require(
            parts == 1 || (Ld == Cols && Cols % parts == 0), nameof(Split), $"a contiguous matrix of {parts}·k columns", this);
        return parts == 1 ? this : this with { Rows = checked(Rows * parts), Cols = Cols / parts, Ld = Cols / parts };
    }

    public override string ToString() => $"[{Rows}, {Cols}] {Type}";
}
