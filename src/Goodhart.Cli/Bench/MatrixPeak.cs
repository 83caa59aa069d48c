using System.Diagnostics;
using Goodhart.Cli.Bench.Shapes;
using Goodhart.Engine;

namespace Goodhart.Cli.Bench;

/// <summary>
/// The speed of matrix products that a device reaches where they are large, in its own precision: what utilisation is measured against.
/// </summary>
/// <remarks>Of random numbers: a GPU is faster on constants, which take less current.</remarks>
internal static class MatrixPeak
{
    /// <summary>Larger ones are for devices on which they take no time.</summary>
    private static readonly int[] Sizes = [256, 384, 512, 1024, 2048, 4096, 8192];

    /// <summary>Products between two looks at the clock last at least so long: a device may be asked for more than it has done.</summary>
    private static readonly TimeSpan Least = TimeSpan.FromMilliseconds(2);

    /// <summary>The best FLOP/s seen within the time given, about.</summary>
    public static double Measure(IDevice device, TimeSpan time, BenchClock? clock = null)
    {
        double best = 0;
        foreach (int size in Sizes)
        {
            if (best > 0 && 2.0 * size * size * size / best > time.TotalSeconds / 16)
            {
                break;
            }

            using IArena arena = device.CreateArena("peak", 4L * sizeof(float) * size * size);
            best = Math.Max(best, Best(device, arena, size, time / 4, clock ?? BenchClock.Wall));
        }

        return best;
    }

    private static double Best(IDevice device, IArena arena, int size, TimeSpan time, BenchClock clock)
    {
        LengthDraws draws = new((uint)size);
        Mat x = Filled();
        Mat weight = Filled();
        Mat y = arena.Allocate(size, size, device.Info.Precision.Storage);
        double best = 0;
        int products = 1;
        Products(1);   // compiles kernels, or loads them
        for (Stopwatch whole = Stopwatch.StartNew(); whole.Elapsed < time;)
        {
            TimeSpan start = clock.Now;
            Products(products);
            TimeSpan taken = clock.Now - start;
            if (taken < Least)
            {
                products *= 2;
                continue;
            }

            best = Math.Max(best, 2.0 * size * size * size * products / taken.TotalSeconds);
        }

        return best;

        void Products(int count)
        {
            for (int i = 0; i < count; i++)
            {
                device.Ops.Linear(x, weight, default, default, y);
            }

            device.Read(y.RowRange(0, 1).Mem).Wait();   // the device has come so far
        }

        Mat Filled()
        {
            Mat mat = arena.Allocate(size, size, device.Info.Precision.Storage);
            float[] values = new float[size * size];
            for (int i = 0; i < values.Length; i++)
            {
                values[i] = (float)((2 * draws.Uniform()) - 1);
            }

            device.Upload(mat, values);
            return mat;
        }
    }
}
