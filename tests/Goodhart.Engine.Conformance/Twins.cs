using System.Globalization;
using System.Runtime.InteropServices;
using Goodhart.Testing.Reference;
using Xunit;

namespace Goodhart.Engine.Conformance;

/// <summary>
/// The same matrices on the device under test and on the reference device. Rows are padded and matrices fenced with a sentinel, and
/// every comparison checks that padding and fences are as they were.
/// </summary>
public sealed class Twins : IDisposable
{
    private const int Fence = 64;
    private const float Sentinel = -12345.678f;
    private readonly IDevice fast;
    private readonly ReferenceDevice slow = new();
    private readonly IArena fastArena;
    private readonly IArena slowArena;
    private readonly List<(Twin Twin, Mat Block)> all = [];
    private uint state = 1;

    public Twins(DeviceKind kind, string variant, int threads)
    {
        Variant = variant;
        Threads = threads;
        fast = kind.Create(variant, threads);
        fastArena = fast.CreateArena("test", 1 << 20);
        slowArena = slow.CreateArena("test", 1 << 20);
    }

    public string Variant { get; }

    public int Threads { get; }

    /// <summary>Every variant of a device on one thread, and every number of threads worth a try.</summary>
    public static IEnumerable<Twins> Each(DeviceKind kind)
    {
        foreach (string variant in kind.Variants)
        {
            yield return new Twins(kind, variant, 1);
        }

        foreach (int threads in kind.Threads.Where(count => count > 1))
        {
            yield return new Twins(kind, kind.Best, threads);
        }
    }

    /// <summary>A forest on both devices.</summary>
    public (IPlan Fast, IPlan Slow) Prepare(SequencePlan plan) => (fast.Prepare(plan, fastArena), slow.Prepare(plan, slowArena));

    /// <summary>Runs one operation of a forest on both devices.</summary>
    public void Run((IPlan Fast, IPlan Slow) plan, Action<IOps, IPlan, Func<Twin, Mat>> operation)
    {
        operation(fast.Ops, plan.Fast, twin => twin.Fast);
        operation(slow.Ops, plan.Slow, twin => twin.Slow);
    }

    /// <summary>Uniform in [−scale, scale).</summary>
    public Twin Random(int rows, int cols, int pad = 0, float scale = 1) => Make(rows, cols, pad, DType.F32, (_, _) => Next() * scale);

    public Twin Floats(int rows, int cols, Func<int, int, float> value, int pad = 0) => Make(rows, cols, pad, DType.F32, value);

    public Twin Double() => Make(1, 1, 0, DType.F64, (_, _) => 0);

    public Twin Ints(int cols, params int[] values) =>
        Make(values.Length / cols, cols, 0, DType.I32, (i, j) => BitConverter.Int32BitsToSingle(values[(i * cols) + j]));

    public Twin Absent() => default;

    /// <summary>Runs one operation on both devices.</summary>
    public void Run(Action<IOps, Func<Twin, Mat>> operation)
    {
        operation(fast.Ops, twin => twin.Fast);
        operation(slow.Ops, twin => twin.Slow);
    }

    public void RunFast(Action<IOps, Func<Twin, Mat>> operation) => operation(fast.Ops, twin => twin.Fast);

    public Mat Fast(Twin twin) => twin.Fast;

    /// <summary>|fast − reference| ≤ tolerance · (1 + |reference|) everywhere.</summary>
    public void Agree(Twin twin, double tolerance)
    {
        for (int i = 0; i < twin.Fast.Rows; i++)
        {
            ReadOnlySpan<float> row = Row(fast, twin.Fast, i);
            ReadOnlySpan<float> reference = Row(slow, twin.Slow, i);
            for (int j = 0; j < twin.Fast.Cols; j++)
            {
                double got = row[j];
                double expected = reference[j];
                bool same = Math.Abs(got - expected) <= tolerance * (1 + Math.Abs(expected)) || got.Equals(expected);
                Assert.True(same, string.Create(
                    CultureInfo.InvariantCulture,
                    $"{Variant}, {Threads} threads, {twin.Fast} at ({i}, {j}): got {got:R}, expected {expected:R}"));
            }
        }

        CheckFences();
    }

    /// <summary>The floats of the matrix on the device under test.</summary>
    public float[] Values(Twin twin)
    {
        CheckFences();
        List<float> values = [];
        for (int i = 0; i < twin.Fast.Rows; i++)
        {
            values.AddRange(Row(fast, twin.Fast, i));
        }

        return [.. values];
    }

    public int[] IntValues(Twin twin) => [.. Values(twin).Select(BitConverter.SingleToInt32Bits)];

    public double DoubleValue(Twin twin) => fast.ReadF64(twin.Fast)[0];

    public void Dispose()
    {
        fastArena.Dispose();
        slowArena.Dispose();
        fast.Dispose();
        slow.Dispose();
    }

    private static ReadOnlySpan<float> Row(IDevice device, Mat mat, int row) =>
        MemoryMarshal.Cast<byte, float>(device.Read(mat.RowRange(row, 1).Mem).Wait());

    private float Next()
    {
        state = (state * 1664525) + 1013904223;
        return ((state >> 8) / (float)(1 << 23)) - 1;
    }

    private Twin Make(int rows, int cols, int pad, DType type, Func<int, int, float> value)
    {
        int stride = cols + pad;
        int size = rows * stride * type.Size() / sizeof(float);
        float[] content = new float[size + (2 * Fence)];
        Array.Fill(content, Sentinel);
        for (int i = 0; i < rows; i++)
        {
            for (int j = 0; j < cols; j++)
            {
                content[Fence + (i * stride) + j] = value(i, j);
            }
        }

        Mat block = fastArena.Allocate(1, content.Length);
        Twin twin = new(Fenced(block, fast), Fenced(slowArena.Allocate(1, content.Length), slow), pad);
        all.Add((twin, block));
        return twin;

        Mat Fenced(Mat whole, IDevice device)
        {
            device.Upload(whole.Mem, MemoryMarshal.AsBytes<float>(content));
            Mem inside = whole.Mem with { Offset = whole.Mem.Offset + (Fence * sizeof(float)), Bytes = (long)size * sizeof(float) };
            return new Mat(inside, rows, cols, stride, type);
        }
    }

    private void CheckFences()
    {
        foreach ((Twin twin, Mat block) in all)
        {
            Mat mat = twin.Fast;
            float[] content = fast.ReadF32(block);
            Check(content.AsSpan(0, Fence), "before");
            Check(content.AsSpan(content.Length - Fence), "after");
            for (int i = 0; i < mat.Rows; i++)
            {
                Check(content.AsSpan(Fence + (i * mat.Ld) + mat.Cols, twin.Pad), $"in row {i} of");
            }

            void Check(ReadOnlySpan<float> fence, string where) =>
                Assert.False(fence.ContainsAnyExcept(Sentinel), $"{Variant}, {Threads} threads: written {where} {mat}");
        }
    }
}

/// <summary>One matrix on both devices.</summary>
public readonly record struct Twin(Mat Fast, Mat Slow, int Pad)
{
    public Twin RowRange(int start, int count) => new(Fast.RowRange(start, count), Slow.RowRange(start, count), Pad);
}
