using System.Diagnostics;

namespace Goodhart.Engine.Cpu.Bench;

/// <summary>Measures products on a device of its own: the rate that "utilisation" is a fraction of, and rates of given shapes.</summary>
public sealed class GemmPeak : IDisposable
{
    private readonly CpuDevice device;
    private readonly IArena arena;

    public GemmPeak(int threads = 1)
    {
        device = new CpuDevice(threads);
        arena = device.CreateArena("gemm peak", 16 << 20);
    }

    /// <summary>GFLOP/s of the 1024³ product, the best of several rounds: what this process can reach on these threads now.</summary>
    public double Peak(int rounds = 8) => Measure(new ProductShape(1024, 1024, 1024), rounds).Forward;

    /// <summary>The best of several rounds of about 5 ms for each of the three products of a linear layer.</summary>
    public ProductRates Measure(ProductShape shape, int rounds = 8)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(rounds);
        arena.Reset();
        Mat x = Filled(shape.Rows, shape.In);
        Mat weight = Filled(shape.Out, shape.In);
        Mat y = Filled(shape.Rows, shape.Out);
        Mat dWeight = Filled(shape.Out, shape.In);
        Mat dx = Filled(shape.Rows, shape.In);
        IOps ops = device.Ops;
        return new ProductRates(
            shape,
            Best(shape, rounds, () => ops.Linear(x, weight, default, default, y)),
            Best(shape, rounds, () => ops.LinearInputGrad(y, weight, dx, accumulate: false)),
            Best(shape, rounds, () => ops.LinearWeightGrad(y, x, dWeight, default)));
    }

    public void Dispose()
    {
        arena.Dispose();
        device.Dispose();
    }

    private static double Best(ProductShape shape, int rounds, Action product)
    {
        int repeats = (int)Math.Clamp(5e8 / shape.Flops, 1, 1000);
        double best = double.PositiveInfinity;
        for (int round = 0; round <= rounds; round++)
        {
            long start = Stopwatch.GetTimestamp();
            for (int i = 0; i < repeats; i++)
            {
                product();
            }

            // Round 0 warms caches and the compiler.
            best = round == 0 ? best : Math.Min(best, Stopwatch.GetElapsedTime(start).TotalSeconds / repeats);
        }

        return shape.Flops / best / 1e9;
    }

    /// <summary>Small numbers, so that no repetition overflows.</summary>
    private unsafe Mat Filled(int rows, int cols)
    {
        Mat mat = arena.Allocate(rows, cols);
        Span<float> values = new(device.Memory.F32(mat), checked((int)mat.Count));
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = ((i % 17) - 8) / 1024f;
        }

        return mat;
    }
}

/// <summary>A linear layer: x [Rows, In] to y [Rows, Out].</summary>
public readonly record struct ProductShape(int Rows, int In, int Out)
{
    /// <summary>Of each of the layer's three products.</summary>
    public double Flops => 2.0 * Rows * In * Out;
}

/// <summary>GFLOP/s of y = x Wᵀ, dx = dy W and dW += dyᵀ x, wall-clock time, packing included.</summary>
public readonly record struct ProductRates(ProductShape Shape, double Forward, double InputGrad, double WeightGrad);
