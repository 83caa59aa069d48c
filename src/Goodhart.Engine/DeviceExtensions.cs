using System.Runtime.InteropServices;

namespace Goodhart.Engine;

/// <summary>Typed transfers of contiguous matrices.</summary>
public static class DeviceExtensions
{
    public static float[] ReadF32(this IDevice device, Mat mat) => Read<float>(device, mat, DType.F32);

    public static int[] ReadI32(this IDevice device, Mat mat) => Read<int>(device, mat, DType.I32);

    public static double[] ReadF64(this IDevice device, Mat mat) => Read<double>(device, mat, DType.F64);

    /// <summary>Copies a contiguous F32 matrix of at most 2^29 elements to the host.</summary>
    public static void Read(this IDevice device, Mat mat, Span<float> values)
    {
        ShapeException.Require(
            mat.Type == DType.F32 && (mat.Ld == mat.Cols || mat.Rows <= 1) && mat.Count == values.Length, nameof(Read),
            FormattableString.Invariant($"{values.Length} contiguous F32 values"), mat);
        if (!mat.IsEmpty)
        {
            MemoryMarshal.Cast<byte, float>(device.Read(mat.Mem).Wait()).CopyTo(values);
        }
    }

    public static void Upload(this IDevice device, Mat mat, ReadOnlySpan<float> values) =>
        device.Upload(mat.Mem, MemoryMarshal.AsBytes(values));

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
        ShapeException.Require(mat.Type == type && (mat.Ld == mat.Cols || mat.Rows <= 1), "Read", $"a contiguous {type} matrix", mat);
        return mat.IsEmpty ? [] : MemoryMarshal.Cast<byte, T>(device.Read(mat.Mem).Wait()).ToArray();
    }
}
