using Goodhart.Engine.Randomness;
using Xunit;

namespace Goodhart.Engine.Conformance;

/// <summary>Weights that are held, beside the same weights that are not.</summary>
public abstract class HoldConformance(DeviceKind device)
{
    private const int Width = 33;
    private static readonly ulong Key = Philox.Key(8, "held");

    [Theory]
    [InlineData(1, 7, 5)]
    [InlineData(9, 50, 190)]
    [InlineData(130, 200, 1536)]
    [InlineData(50, 1600, 2531)]
    public void Holding_changes_no_bit(int rows, int outputs, int vocabulary)
    {
        foreach (string variant in device.Variants)
        {
            foreach (int threads in device.Threads)
            {
                using Rig rig = new(device, variant, threads);
                using IArena arena = rig.Device.CreateArena("layouts", 1);
                Mat weight = rig.Matrix(outputs, Width, Rig.Random(outputs * Width, 1), padding: 0);
                Mat head = rig.Matrix(vocabulary, Width, Rig.Random(vocabulary * Width, 2), padding: 0);
                Mat x = rig.Matrix(rows, Width, Rig.Random(rows * Width, 3));
                double[] free = Run(rig, x, weight, head);
                using (rig.Device.Hold(new HeldWeights([weight], head), arena))
                {
                    device.AssertSame(free, Run(rig, x, weight, head));
                }

                // What was promised holds no longer.
                rig.Device.Ops.Copy(rig.Matrix(outputs, Width, Rig.Random(outputs * Width, 4), padding: 0), weight);
                rig.Device.Ops.Copy(rig.Matrix(vocabulary, Width, Rig.Random(vocabulary * Width, 5), padding: 0), head);
                double[] moved = Run(rig, x, weight, head);
                Assert.All(Enumerable.Range(0, rows * outputs), i => Assert.NotEqual(free[i], moved[i]));
                Assert.All(Enumerable.Range(free.Length - rows, rows), i => Assert.NotEqual(free[i], moved[i]));
            }
        }
    }

    /// <summary>Of two that hold the same weight, the end of one is not the end of the other's promise.</summary>
    [Fact]
    public void The_same_weight_may_be_held_twice()
    {
        using Rig rig = new(device, device.Best);
        using IArena arena = rig.Device.CreateArena("layouts", 1);
        using IArena other = rig.Device.CreateArena("more layouts", 1);
        Mat weight = rig.Matrix(40, Width, Rig.Random(40 * Width, 1), padding: 0);
        Mat x = rig.Matrix(3, Width, Rig.Random(3 * Width, 3));
        double[] free = Run(rig, x, weight, weight);
        HeldWeights weights = new([weight], weight);
        using (rig.Device.Hold(weights, arena))
        {
            rig.Device.Hold(weights, other).Dispose();
            device.AssertSame(free, Run(rig, x, weight, weight));
        }

        device.AssertSame(free, Run(rig, x, weight, weight));
    }

    /// <returns>A product, tokens, and their log-probs.</returns>
    private static double[] Run(Rig rig, Mat x, Mat weight, Mat head)
    {
        Mat y = rig.Matrix(x.Rows, weight.Rows);
        rig.Ops.Linear(x, weight, default, default, y);
        Mat streams = rig.Table(3, [.. Enumerable.Range(0, x.Rows).SelectMany(i => new[] { 1, 2, i })]);
        Mat tokens = rig.Table(1, new int[x.Rows]);
        Mat logProbs = rig.Matrix(x.Rows, 1, padding: 0);
        rig.Ops.Sample(x, head, 1, Key, streams, tokens, logProbs);
        return [.. rig.Values(y), .. rig.Device.ReadI32(tokens), .. rig.Values(logProbs)];
    }
}
