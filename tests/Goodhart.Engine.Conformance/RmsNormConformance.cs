using Xunit;

namespace Goodhart.Engine.Conformance;

public abstract class RmsNormConformance(DeviceKind device)
{
    [Theory]
    [InlineData(0, 5)]
    [InlineData(1, 1)]
    [InlineData(3, 7)]
    [InlineData(60, 16)]
    [InlineData(5, 257)]
    [InlineData(9, 1030)]
    public void Agrees_with_the_reference(int rows, int width)
    {
        foreach (Twins twins in Twins.Each(device))
        {
            using (twins)
            {
                Twin x = twins.Random(rows, width, pad: 3, scale: 2);
                Twin gain = twins.Random(width, 1);
                Twin y = twins.Random(rows, width, pad: 2);
                Twin stats = twins.Random(rows, 1);
                Twin dy = twins.Random(rows, width, pad: 1);
                Twin dx = twins.Random(rows, width, pad: 4);
                Twin dGain = twins.Random(width, 1);
                twins.Run((ops, on) => ops.RmsNorm(on(x), on(gain), 1e-5, on(y), on(stats)));
                twins.Agree(y, 2e-6);
                twins.Agree(stats, 2e-6);
                foreach (bool accumulate in new[] { false, true })
                {
                    twins.Run((ops, on) => ops.RmsNormGrad(on(dy), on(x), on(gain), on(stats), on(dx), accumulate, on(dGain)));
                    twins.Agree(dx, 1e-5);
                    twins.Agree(dGain, 1e-5);
                }

                twins.Run((ops, on) => ops.RmsNormGrad(on(dy), on(x), on(gain), on(stats), on(dx), false, dGain: default));
                twins.Agree(dx, 1e-5);
                twins.Run((ops, on) => ops.RmsNormGrad(on(dy), on(x), on(gain), on(stats), on(dy), false, on(dGain)));
                twins.Agree(dy, 1e-5);
            }
        }
    }

    [Fact]
    public void Gradient_agrees_with_finite_differences()
    {
        double[] x = Rig.Random(3 * 9, 5);
        double[] gain = Rig.Random(9, 6);
        double[] dy = Rig.Random(3 * 9, 7);
        using Rig rig = new(device, device.Best);
        Mat input = rig.Matrix(3, 9, x);
        Mat stats = rig.Matrix(3, 1);
        Mat dx = rig.Matrix(3, 9);
        Mat dGain = rig.Vector(new double[9]);
        rig.Ops.RmsNorm(input, rig.Vector(gain), 1e-5, rig.Matrix(3, 9), stats);
        rig.Ops.RmsNormGrad(rig.Matrix(3, 9, dy), input, rig.Vector(gain), stats, dx, false, dGain);
        double[] slopes = rig.Values(dx);
        for (int at = 0; at < x.Length; at++)
        {
            int moved = at;
            Assert.Equal(Slope(by => Loss([.. x.Select((v, i) => i == moved ? v + by : v)], gain)), slopes[at], 1e-5);
        }

        double[] gainSlopes = rig.Values(dGain);
        for (int at = 0; at < gain.Length; at++)
        {
            int moved = at;
            Assert.Equal(Slope(by => Loss(x, [.. gain.Select((v, i) => i == moved ? v + by : v)])), gainSlopes[at], 1e-5);
        }

        static double Slope(Func<double, double> loss) => (loss(1e-5) - loss(-1e-5)) / 2e-5;

        double Loss(double[] values, double[] scale) => Enumerable.Range(0, 3).Sum(row =>
        {
            double[] one = values[(row * 9)..((row + 1) * 9)];
            double inverse = 1 / Math.Sqrt(one.Average(v => v * v) + 1e-5);
            return one.Select((v, j) => v * inverse * scale[j] * dy[(row * 9) + j]).Sum();
        });
    }

    [Fact]
    public void Threads_and_cutting_the_batch_change_no_bit()
    {
        if (!device.PromisesBits)
        {
            return;
        }

        double[] first = [];
        foreach (int threads in device.Threads)
        {
            using Rig rig = new(device, device.Best, threads);
            Mat x = rig.Matrix(501, 72, Rig.Random(501 * 72, 8));
            Mat dy = rig.Matrix(501, 72, Rig.Random(501 * 72, 9));
            Mat gain = rig.Vector(Rig.Random(72, 10));
            Mat y = rig.Matrix(501, 72);
            Mat stats = rig.Matrix(501, 1);
            Mat dGain = rig.Vector(new double[72]);
            foreach ((int start, int count) in threads == 1 ? [(0, 501)] : new[] { (0, 100), (100, 1), (101, 400) })
            {
                Mat Part(Mat mat) => mat.RowRange(start, count);
                rig.Ops.RmsNorm(Part(x), gain, 1e-5, Part(y), Part(stats));
                rig.Ops.RmsNormGrad(Part(dy), Part(x), gain, Part(stats), Part(dy), false, dGain);
            }

            double[] all = [.. rig.Values(y), .. rig.Values(dy), .. rig.Values(dGain)];
            first = first.Length == 0 ? all : first;
            Assert.Equal(first, all);
        }
    }
}
