using System.Text.Json;
using Goodhart.Testing;
using Xunit;

namespace Goodhart.Engine.Conformance;

public abstract class LayerNormConformance(DeviceKind device)
{
    [Fact]
    public void Agrees_with_the_golden_values()
    {
        JsonElement golden = Golden.Json("engine", "layer_norm.json");
        double[] Rows(string name) => [.. golden.GetProperty(name).EnumerateArray().SelectMany(row => row.Doubles())];
        foreach (string variant in device.Variants)
        {
            Result r = Run(
                variant, 1, 5, 7, Rows("x"), golden.GetProperty("weight").Doubles(), golden.GetProperty("bias").Doubles(), Rows("upstream"),
                golden.GetProperty("eps").GetDouble());
            // Row 3 stands 10 000 from zero: rounding its input and mean to f32 moves y by 1e-6.
            Rig.Close(Rows("y"), r.Y, 3e-6 * device.Slack);
            Rig.Close(Rows("grad_x"), r.Dx, 1e-5);
            Rig.Close(golden.GetProperty("grad_weight").Doubles(), r.DGain, 1e-6 * device.Slack);
            Rig.Close(golden.GetProperty("grad_bias").Doubles(), r.DBias, 1e-6);
        }
    }

    [Theory]
    [InlineData(0, 72)]
    [InlineData(1, 1)]
    [InlineData(7, 7)]
    [InlineData(257, 72)]
    [InlineData(3, 257)]
    [InlineData(5, 1030)]
    public void Agrees_with_the_loops_on_a_shifted_input(int rows, int cols)
    {
        double[] x = [.. Rig.Random(rows * cols, 1).Select(v => (double)(float)(v + 30))];
        double[] gain = Rig.Random(cols, 2);
        double[] bias = Rig.Random(cols, 3);
        double[] dy = Rig.Random(rows * cols, 4);
        Result expected = Loops(rows, cols, x, gain, bias, dy, 1e-5);

        // With one column the gradient is a difference of equal numbers of size 1/√eps: zero, or what rounding leaves of them.
        double smallest = cols > 1 || device.PromisesBits ? 1e-30 : 4;
        foreach (string variant in device.Variants)
        {
            Result r = Run(variant, 1, rows, cols, x, gain, bias, dy, 1e-5);
            Rig.Close(expected.Y, r.Y, 1e-5);
            Rig.Close(expected.Dx, r.Dx, 2e-5, smallest);
            Rig.Close(expected.DGain, r.DGain, 2e-5, smallest);
            Rig.Close(expected.DBias, r.DBias, 2e-5);
        }
    }

    [Fact]
    public void A_frozen_norm_has_the_same_input_gradient()
    {
        foreach (string variant in device.Variants)
        {
            using Rig rig = new(device, variant);
            Mat x = rig.Matrix(7, 33, Rig.Random(7 * 33, 1));
            Mat dy = rig.Matrix(7, 33, Rig.Random(7 * 33, 2));
            Mat gain = rig.Vector(Rig.Random(33, 3));
            Mat stats = rig.Matrix(7, 2);
            Mat trained = rig.Matrix(7, 33);
            Mat frozen = rig.Matrix(7, 33);
            rig.Ops.LayerNorm(x, gain, gain, 1e-5, rig.Matrix(7, 33), stats);
            rig.Ops.LayerNormGrad(dy, x, gain, stats, trained, false, rig.Vector(new double[33]), rig.Vector(new double[33]));
            rig.Ops.LayerNormGrad(dy, x, gain, stats, frozen, false, dGain: default, dBias: default);
            Rig.Close(rig.Values(trained), rig.Values(frozen), 1e-6);
        }
    }

    [Fact]
    public void Gradient_agrees_with_finite_differences()
    {
        double[] x = Rig.Random(3 * 9, 5);
        double[] gain = Rig.Random(9, 6);
        double[] dy = Rig.Random(3 * 9, 7);
        double[] dx = Run(device.Best, 1, 3, 9, x, gain, gain, dy, 1e-5).Dx;
        for (int at = 0; at < x.Length; at++)
        {
            double Moved(double by)
            {
                double[] moved = [.. x];
                moved[at] += by;
                return Loops(3, 9, moved, gain, gain, dy, 1e-5).Y.Zip(dy, (a, b) => a * b).Sum();
            }

            Assert.Equal((Moved(1e-5) - Moved(-1e-5)) / 2e-5, dx[at], 1e-5);
        }
    }

    [Fact]
    public void Threads_and_cutting_the_batch_change_no_bit()
    {
        const int Rows = 501;
        const int Cols = 72;
        double[] x = Rig.Random(Rows * Cols, 8);
        double[] gain = Rig.Random(Cols, 9);
        double[] dy = Rig.Random(Rows * Cols, 10);
        Result whole = Run(device.Best, 1, Rows, Cols, x, gain, gain, dy, 1e-5);
        foreach (int threads in new[] { 2, 3 })
        {
            Result more = Run(device.Best, threads, Rows, Cols, x, gain, gain, dy, 1e-5);
            device.AssertSame(whole.Y, more.Y);
            device.AssertSame(whole.Dx, more.Dx);
            device.AssertSame(whole.DGain, more.DGain);
        }

        using Rig rig = new(device, device.Best);
        Mat all = rig.Matrix(Rows, Cols, x);
        Mat up = rig.Matrix(Rows, Cols, dy);
        Mat y = rig.Matrix(Rows, Cols);
        Mat stats = rig.Matrix(Rows, 2);
        Mat dGain = rig.Vector(new double[Cols]);
        Mat dBias = rig.Vector(new double[Cols]);
        Mat scale = rig.Vector(gain);
        foreach ((int start, int count) in new[] { (0, 100), (100, 1), (101, 400) })
        {
            rig.Ops.LayerNorm(all.RowRange(start, count), scale, scale, 1e-5, y.RowRange(start, count), stats.RowRange(start, count));
            rig.Ops.LayerNormGrad(
                up.RowRange(start, count), all.RowRange(start, count), scale, stats.RowRange(start, count), y.RowRange(start, count), false,
                dGain, dBias);
        }

        device.AssertSame(whole.DGain, rig.Values(dGain));
        device.AssertSame(whole.DBias, rig.Values(dBias));
        device.AssertSame(whole.Dx, rig.Values(y));
    }

    [Fact]
    public void Accumulating_adds_to_what_is_there()
    {
        using Rig rig = new(device, device.Best);
        double[] x = Rig.Random(4 * 21, 11);
        Mat input = rig.Matrix(4, 21, x);
        Mat gain = rig.Vector(Rig.Random(21, 12));
        Mat stats = rig.Matrix(4, 2);
        Mat sum = rig.Matrix(4, 21, x);
        Mat plain = rig.Matrix(4, 21);
        Mat zero = rig.Vector(new double[21]);
        rig.Ops.LayerNorm(input, gain, gain, 1e-5, plain, stats);
        rig.Ops.LayerNormGrad(input, input, gain, stats, plain, false, zero, zero);
        rig.Ops.LayerNormGrad(input, input, gain, stats, sum, true, zero, zero);
        Assert.Equal(rig.Values(plain).Zip(x, (a, b) => (double)((float)a + (float)b)), rig.Values(sum));
    }

    private Result Run(
        string variant, int threads, int rows, int cols, double[] x, double[] gain, double[] bias, double[] dy, double eps)
    {
        using Rig rig = new(device, variant, threads);
        Mat input = rig.Matrix(rows, cols, x);
        Mat scale = rig.Vector(gain);
        Mat y = rig.Matrix(rows, cols);
        Mat dx = rig.Matrix(rows, cols);
        Mat stats = rig.Matrix(rows, 2);
        Mat dGain = rig.Vector(new double[cols]);
        Mat dBias = rig.Vector(new double[cols]);
        rig.Ops.LayerNorm(input, scale, rig.Vector(bias), eps, y, stats);
        rig.Ops.LayerNormGrad(rig.Matrix(rows, cols, dy), input, scale, stats, dx, false, dGain, dBias);
        return new Result(rig.Values(y), rig.Values(dx), rig.Values(dGain), rig.Values(dBias));
    }

    private static Result Loops(int rows, int cols, double[] x, double[] gain, double[] bias, double[] dy, double eps)
    {
        Result r = new(new double[x.Length], new double[x.Length], new double[cols], new double[cols]);
        for (int i = 0; i < rows; i++)
        {
            double[] row = x[(i * cols)..((i + 1) * cols)];
            double mean = row.Average();
            double inverse = 1 / Math.Sqrt(row.Average(v => (v - mean) * (v - mean)) + eps);
            double[] normal = [.. row.Select(v => (v - mean) * inverse)];
            double[] g = [.. gain.Select((w, j) => w * dy[(i * cols) + j])];
            double slope = g.Zip(normal, (a, b) => a * b).Average();
            for (int j = 0; j < cols; j++)
            {
                r.Y[(i * cols) + j] = (gain[j] * normal[j]) + bias[j];
                r.Dx[(i * cols) + j] = inverse * (g[j] - g.Average() - (normal[j] * slope));
                r.DGain[j] += dy[(i * cols) + j] * normal[j];
                r.DBias[j] += dy[(i * cols) + j];
            }
        }

        return r;
    }

    private sealed record Result(double[] Y, double[] Dx, double[] DGain, double[] DBias);
}
