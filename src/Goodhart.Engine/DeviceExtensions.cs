using System.Runtime.InteropServices;

namespace Goodhart.Engine;

/// <summary>Typed transfers of contiguous matrices.</summary>
public static class DeviceExtensions
{
    /// <summary>Elements at a time.</summary>
    private const int Piece = 1 << 26;

    /// <summary>The values of a contiguous matrix that is stored as F32 or BF16.</summary>
    public static float[] ReadF32(this IDevice device, Mat mat)
    {
        float[] values = new float[mat.Count];
        device.Read(mat, values);
        return values;
    }

    public static int[] ReadI32(this IDevice device, Mat mat) => Read<int>(device, mat, DType.I32);

    public static double[] ReadF64(this IDevice device, Mat mat) => Read<double>(device, mat, DType.F64);

    /// <summary>Copies the values of a contiguous matrix that is stored as F32 or BF16 to the host.</summary>
    public static void Read(this IDevice device, Mat mat, Span<float> values)
    {
        if (mat.Type != DType.BF16)
        {
            Read(device, mat, DType.F32, values);
            return;
        }

        ushort[] stored = new ushort[values.Length];
        Read<ushort>(device, mat, DType.BF16, stored);
        BFloat16.Decode(stored, values);
    }

    /// <summary>Values for a contiguous matrix that is stored as F32 or BF16.</summary>
    public static void Upload(this IDevice device, Mat mat, ReadOnlySpan<float> values)
    {
        if (mat.Type != DType.BF16)
        {
            Write(device, mat, values);
            return;
        }

        ushort[] stored = new ushort[values.Length];
        BFloat16.Encode(values, stored);
        Write<ushort>(device, mat, stored);
    }

    /// <summary>A new [n, 1] table of indices.</summary>
    public static Mat UploadI32(this IDevice device, IArena arena, ReadOnlySpan<int> values, int cols = 1)
    {
        Mat mat = arena.Allocate(values.Length / cols, cols, DType.I32);
        device.Upload(mat.Mem, MemoryMarshal.AsBytes(values));
        return mat;
    }

    private static T[] Read<T>(IDevice device, Mat mat, DType type)
        where T : unmanaged
    {
        T[] values = new T[mat.Count];
        Read<T>(device, mat, type, values);
        return values;
    }

    /// <summary>A piece at a time: what is read at once is limited by the length of a span.</summary>
    private static void Read<T>(IDevice device, Mat mat, DType type, Span<T> values)
        where T : unmanaged
    {
        ShapeException.Require(
            mat.Type == type && (mat.Ld == mat.Cols || mat.Rows <= 1) && mat.Count == values.Length, "Read",
            FormattableString.Invariant($"a contiguous {type} matrix of {values.Length} values"), mat);
        for (int first = 0; first < values.Length; first += Piece)
        {
            int count = Math.Min(Piece, values.Length - first);
            Mem part = mat.Mem with { Offset = mat.Mem.Offset + ((long)first * type.Size()), Bytes = (long)count * type.Size() };
            MemoryMarshal.Cast<byte, T>(device.Read(part).Wait()).CopyTo(values.Slice(first, count));
        }
    }

    private static void Write<T>(IDevice device, Mat mat, ReadOnlySpan<T> values)
        where T : unmanaged
    {
        int size = mat.Type.Size();
        for (int first = 0; first < values.Length; first += Piece)
        {
            ReadOnlySpan<T> part = values[first..Math.Min(values.Length, first + Piece)];
            device.Upload(
                mat.Mem with { Offset = mat.Mem.Offset + ((long)first * size), Bytes = (long)part.Length * size },
                MemoryMarshal.AsBytes(part));
        }
    }
}
