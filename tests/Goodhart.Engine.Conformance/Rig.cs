using System.Runtime.InteropServices;
using Xunit;

namespace Goodhart.Engine.Conformance;

/// <summary>A device with matrices whose rows are wider than their columns, so that whatever writes beside its output is caught.</summary>
public sealed class Rig : IDisposable
{
    private const float Guard = -12345.678f;
    private readonly List<(Mat Whole, Mat Mat)> made = [];
    private readonly IArena arena;

    public Rig(DeviceKind kind, string variant, int threads = 1)
    {
        Device = kind.Create(variant, threads);
        arena = Device.CreateArena("test", 1 << 16);
    }

    public IDevice Device { get; }

    public IOps Ops => Device.Ops;

    public IPlan Prepare(SequencePlan plan) => Device.Prepare(plan, arena);

    /// <summary>[rows, cols] with <paramref name="padding"/> guard elements after every row.</summary>
    public Mat Matrix(int rows, int cols, double[]? values = null, int padding = 3)
    {
        Mat whole = arena.Allocate(rows + 1, cols + padding);
        float[] content = new float[whole.Count];
        Array.Fill(content, Guard);
        for (int i = 0; i < rows; i++)
        {
            for (int j = 0; j < cols; j++)
            {
                content[(i * (cols + padding)) + j] = values is null ? float.NaN : (float)values[(i * cols) + j];
            }
        }

        Device.Upload(whole, content);
        Mat mat = whole with { Rows = rows, Cols = cols };
        made.Add((whole, mat));
        return mat;
    }

    public Mat Vector(double[] values) => Matrix(values.Length, 1, values, 0);

    public Mat Table(int cols, params int[] values)
    {
        Mat mat = arena.Allocate(values.Length / cols, cols, DType.I32);
        Device.Upload(mat.Mem, MemoryMarshal.AsBytes<int>(values));
        return mat;
    }

    public double[] Values(Mat mat)
    {
        List<double> values = [];
        for (int i = 0; i < mat.Rows && mat.Cols > 0; i++)
        {
            ReadOnlySpan<byte> row = Device.Read(mat.RowRange(i, 1).Mem).Wait();
            foreach (float value in MemoryMarshal.Cast<byte, float>(row))
            {
                values.Add(value);
            }
        }

        return [.. values];
    }

    /// <summary>Checks the guards of all matrices.</summary>
    public void Dispose()
    {
        foreach ((Mat whole, Mat mat) in made)
        {
            float[] content = Device.ReadF32(whole);
            for (int i = 0; i < content.Length; i++)
            {
                if (i / whole.Cols >= mat.Rows || i % whole.Cols >= mat.Cols)
                {
                    Assert.Equal(Guard, content[i]);
                }
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

    /// <summary>max |a − b|; NaN where any element is, which Enumerable.Max would pass over.</summary>
    public static float Largest(float[] a, float[] b)
    {
        Assert.Equal(a.Length, b.Length);
        return a.Zip(b, (one, other) => Math.Abs(one - other)).Aggregate(Math.Max);
    }

    /// <summary>Largest difference relative to the size of the expected values.</summary>
    /// <param name="smallest">That size is their root mean square, and at least this.</param>
    public static void Close(double[] expected, double[] actual, double tolerance, double smallest = 1e-30)
    {
        Assert.Equal(expected.Length, actual.Length);
        double size = Math.Max(smallest, Math.Sqrt(expected.Sum(e => e * e) / Math.Max(1, expected.Length)));
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.True(
                Math.Abs(expected[i] - actual[i]) <= tolerance * Math.Max(size, Math.Abs(expected[i])),
                FormattableString.Invariant($"element {i}: expected {expected[i]:R}, got {actual[i]:R}"));
        }
    }
}
