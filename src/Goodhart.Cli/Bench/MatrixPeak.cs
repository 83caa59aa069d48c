using System.Diagnostics;
using Goodhart.Engine;

namespace Goodhart.Cli.Bench;

/// <summary>The speed of matrix products that a device reaches where they are large: what utilisation is measured against.</summary>
internal static class MatrixPeak
{
    private static readonly int[] Sizes = [256, 384, 512];

    /// <summary>The best FLOP/s seen within the time given.</summary>
    public static double Measure(IDevice device, TimeSpan time)
    {
        int largest = Sizes.Max();
        using IArena arena = device.CreateArena("peak", 4L * sizeof(float) * largest * largest);
        return Sizes.Max(size =>
        {
            arena.Reset();
            return Best(device, arena, size, time / Sizes.Length);
        });
    }

    private static double Best(IDevice device, IArena arena, int size, TimeSpan time)
    {
        Mat x = Filled();
        Mat weight = Filled();
        Mat y = arena.Allocate(size, size, DType.F32);
        double best = 0;
        for (Stopwatch whole = Stopwatch.StartNew(); whole.Elapsed < time;)
        {
            Stopwatch one = Stopwatch.StartNew();
            device.Ops.Linear(x, weight, default, default, y);
            best = Math.Max(best, 2.0 * size * size * size / one.Elapsed.TotalSeconds);
        }

        return best;

        Mat Filled()
        {
            Mat mat = arena.Allocate(size, size, DType.F32);
            float[] ones = new float[size * size];
            Array.Fill(ones, 1f);   // zeros would be as fast, but uninitialised memory may hold denormals
            device.Upload(mat, ones);
            return mat;
        }
    }
}
