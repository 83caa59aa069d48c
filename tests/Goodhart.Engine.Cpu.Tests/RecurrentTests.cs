using Goodhart.Engine.Ops;
using Xunit;

namespace Goodhart.Engine.Cpu.Tests;

public sealed class RecurrentTests
{
    [Theory]
    [InlineData(0, 5)]
    [InlineData(1, 1)]
    [InlineData(3, 7)]
    [InlineData(5, 257)]
    [InlineData(200, 64)]
    public void Agrees_with_the_reference(int rows, int width)
    {
        foreach (Twins twins in Twins.Each())
        {
            using (twins)
            {
                Twin x = twins.Random(rows, width, pad: 3, scale: 4);
                Twin y = twins.Random(rows, width, pad: 2);
                Twin dy = twins.Random(rows, width, pad: 1);
                Twin dx = twins.Random(rows, width, pad: 1);
                twins.Run((ops, on) => ops.Tanh(on(x), on(y)));
                twins.Run((ops, on) => ops.TanhGrad(on(y), on(dy), on(dx)));
                twins.Agree(y, 1e-6);
                twins.Agree(dx, 1e-6);

                Twin gates = twins.Random(rows, 3 * width, pad: 3, scale: 3);
                Twin recurrent = twins.Random(rows, 3 * width, scale: 3);
                Twin hidden = twins.Random(rows, width, pad: 5);
                Twin next = twins.Random(rows, width, pad: 1);
                Twin dGates = twins.Random(rows, 3 * width, pad: 2);
                Twin dRecurrent = twins.Random(rows, 3 * width, pad: 4);
                Twin dHidden = twins.Random(rows, width, pad: 7);
                twins.Run((ops, on) => ops.GatedUnit(on(gates), on(recurrent), on(hidden), on(next)));
                twins.Run((ops, on) => ops.GatedUnitGrad(
                    on(gates), on(recurrent), on(hidden), on(dy), on(dGates), on(dRecurrent), on(dHidden)));
                twins.Agree(next, 2e-6);
                twins.Agree(dGates, 2e-6);
                twins.Agree(dRecurrent, 2e-6);
                twins.Agree(dHidden, 2e-6);
            }
        }
    }

    /// <summary>tanh saturates at ±1 without NaN; a gate that is shut passes the old state through, an open one the candidate.</summary>
    [Fact]
    public void Saturates_where_the_definition_does()
    {
        using Rig rig = new(IsaDetection.Best);
        Mat y = rig.Matrix(1, 4);
        rig.Ops.Tanh(rig.Matrix(1, 4, [-1000, 1000, 0, 1e-30]), y);
        Assert.Equal([-1, 1, 0, (float)1e-30], rig.Values(y));

        Mat next = rig.Matrix(2, 1);
        Mat gates = rig.Matrix(2, 3, [0, 200, 1, 0, -200, 1]);
        rig.Ops.GatedUnit(gates, rig.Matrix(2, 3, new double[6]), rig.Matrix(2, 1, [0.25, 0.25]), next);
        Assert.Equal(0.25, rig.Values(next)[0], 1e-7);
        Assert.Equal(Math.Tanh(1), rig.Values(next)[1], 1e-6);
    }

    [Fact]
    public void The_gradient_may_overwrite_its_upstream()
    {
        using Rig rig = new(IsaDetection.Best);
        double[] y = Rig.Random(35, 5, 0.4);
        double[] dy = Rig.Random(35, 6);
        Mat both = rig.Matrix(5, 7, dy);
        rig.Ops.TanhGrad(rig.Matrix(5, 7, y), both, both);
        Rig.Close([.. y.Zip(dy, (a, b) => b * (1 - (a * a)))], rig.Values(both), 1e-6);
    }

    /// <summary>Slopes against five-point differences, through the tape and in double on the reference device's forward pass.</summary>
    [Theory]
    [InlineData(2, 3)]
    [InlineData(4, 17)]
    public void Gradients_agree_with_finite_differences(int rows, int width)
    {
        double[][] at = [Rig.Random(rows * 3 * width, 1), Rig.Random(rows * 3 * width, 2), Rig.Random(rows * width, 3)];
        double[] upstream = Rig.Random(rows * width, 4);
        using CpuDevice device = new();
        using IArena arena = device.CreateArena("test", 1 << 16);
        Tape tape = new(device, arena, recording: true);
        Tensor[] inputs = [.. at.Select(values => Input(device, arena, rows, values))];
        Tensor y = tape.Tanh(tape.GatedUnit(inputs[0], inputs[1], inputs[2]));
        tape.Seed(y, [.. upstream.Select(value => (float)value)]);
        tape.Backward();

        for (int k = 0; k < inputs.Length; k++)
        {
            double[] direction = Rig.Random(at[k].Length, 10 + k);
            double analytic = device.ReadF32(inputs[k].Gradient).Zip(direction, (g, v) => g * v).Sum();
            double At(double h) => Value(
                [.. at.Select((values, i) => i == k ? [.. values.Zip(direction, (x, v) => x + (h * v))] : values)], rows, upstream);
            double numeric = (8 * (At(0.01) - At(-0.01)) - (At(0.02) - At(-0.02))) / 0.12;
            Assert.Equal(numeric, analytic, 1e-4 * Math.Max(1, Math.Abs(numeric)));
        }
    }

    [Fact]
    public void Says_which_shape_it_wanted()
    {
        using Rig rig = new(IsaDetection.Best);
        ShapeException error = Assert.Throws<ShapeException>(
            () => rig.Ops.GatedUnit(rig.Matrix(2, 8), rig.Matrix(2, 9), rig.Matrix(2, 3), rig.Matrix(2, 3)));
        Assert.Contains("expected [2, 9] F32, got [2, 8]", error.Message, StringComparison.Ordinal);
    }

    private static Tensor Input(IDevice device, IArena arena, int rows, double[] values)
    {
        Mat mat = arena.Allocate(rows, values.Length / rows);
        device.Upload(mat, [.. values.Select(value => (float)value)]);
        return new Tensor(mat);
    }

    /// <summary>Σ upstream · tanh(unit), with the definition in double.</summary>
    private static double Value(double[][] inputs, int rows, double[] upstream)
    {
        static double Sigmoid(double x) => 1 / (1 + Math.Exp(-x));
        int d = upstream.Length / rows;
        double sum = 0;
        for (int i = 0; i < rows; i++)
        {
            for (int j = 0; j < d; j++)
            {
                double G(int gate) => inputs[0][(i * 3 * d) + (gate * d) + j];
                double U(int gate) => inputs[1][(i * 3 * d) + (gate * d) + j];
                double r = Sigmoid(G(0) + U(0));
                double z = Sigmoid(G(1) + U(1));
                double c = Math.Tanh(G(2) + (r * U(2)));
                sum += upstream[(i * d) + j] * Math.Tanh(((1 - z) * c) + (z * inputs[2][(i * d) + j]));
            }
        }

        return sum;
    }
}
