using System.Runtime.InteropServices;
using Xunit;

namespace Goodhart.Engine.Cpu.Tests;

/// <summary>A device with matrices whose rows are wider than their columns, so that whatever writes beside its output is caught.</summary>
internal sealed class Rig : IDisposable
{
    private const float Guard = -12345.678f;
    private readonly List<(Mat Mat, int Padding)> made = [];
    private readonly IArena arena;

    public Rig(Isa isa, int threads = 1)
    {
        Device = new CpuDevice(threads, isa);
        arena = Device.CreateArena("test", 1 << 16);
    }

    public static Isa[] Available { get; } = [.. Enum.GetValues<Isa>().Where(isa => isa <= IsaDetection.Best)];

    public CpuDevice Device { get; }

    public IOps Ops => Device.Ops;

    public IPlan Prepare(SequencePlan plan) => Device.Prepare(plan, arena);

    /// <summary>[rows, cols] with <paramref name="padding"/> guard elements after every row.</summary>
    public unsafe Mat Matrix(int rows, int cols, double[]? values = null, int padding = 3)
    {
        Mat whole = arena.Allocate(rows + 1, cols + padding);
        float* p = Device.Memory.F32(whole);
        new Span<float>(p, (rows + 1) * (cols + padding)).Fill(Guard);
        Mat mat = whole with { Rows = rows, Cols = cols };
        for (int i = 0; i < rows; i++)
        {
            for (int j = 0; j < cols; j++)
            {
                p[(i * (cols + padding)) + j] = values is null ? float.NaN : (float)values[(i * cols) + j];
            }
        }

        made.Add((mat, padding));
        return mat;
    }

    public Mat Vector(double[] values) => Matrix(values.Length, 1, values, 0);

    public Mat Table(int cols, params int[] values)
    {
        Mat mat = arena.Allocate(values.Length / cols, cols, DType.I32);
        Device.Upload(mat.Mem, MemoryMarshal.AsBytes<int>(values));
        return mat;
    }

    public unsafe double[] Values(Mat mat)
    {
        float* p = Device.Memory.F32(mat);
        double[] values = new double[mat.Rows * mat.Cols];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = p[(i / mat.Cols * mat.Ld) + (i % mat.Cols)];
        }

        return values;
    }

    /// <summary>Checks the guards of all matrices.</summary>
    public unsafe void Dispose()
    {
        foreach ((Mat mat, int padding) in made)
        {
            float* p = Device.Memory.F32(mat);
            for (int i = 0; i < mat.Rows; i++)
            {
                for (int j = 0; j < padding; j++)
                {
                    Assert.Equal(Guard, p[(i * mat.Ld) + mat.Cols + j]);
                }
            }

            for (int j = 0; j < mat.Ld; j++)
            {
                Assert.Equal(Guard, p[(mat.Rows * mat.Ld) + j]);
            }
        }

        arena.Dispose();
        Device.Dispose();
    }

    /// <summary>Reproducible values of about unit size, rounded to float.</summary>
    public static double[] Random(int count, int seed, double scale = 1)
    {
        double[] values = new double[count];
        uint state = unchecked((uint)seed * 2654435761u) + 12345;
        for (int i = 0; i < count; i++)
        {
            double sum = 0;
            for (int k = 0; k < 3; k++)
            {
                state ^= state << 13;
                state ^= state >> 17;
                state ^= state << 5;
                sum += (state / 4294967296.0) - 0.5;
            }

            values[i] = (float)(2 * scale * sum);
        }

        return values;
    }

    /// <summary>Largest difference relative to the size of the expected values (their root mean square, at least 1e-30).</summary>
    public static void Close(double[] expected, double[] actual, double tolerance)
    {
        Assert.Equal(expected.Length, actual.Length);
        double size = Math.Max(1e-30, Math.Sqrt(expected.Sum(e => e * e) / Math.Max(1, expected.Length)));
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.True(
                Math.Abs(expected[i] - actual[i]) <= tolerance * Math.Max(size, Math.Abs(expected[i])),
                FormattableString.Invariant($"element {i}: expected {expected[i]:R}, got {actual[i]:R}"));
        }
    }
}
