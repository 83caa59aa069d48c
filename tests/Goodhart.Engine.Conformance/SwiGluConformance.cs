using Xunit;

namespace Goodhart.Engine.Conformance;

public abstract class SwiGluConformance(DeviceKind device)
{
    [Theory]
    [InlineData(0, 5)]
    [InlineData(1, 1)]
    [InlineData(3, 7)]
    [InlineData(5, 257)]
    [InlineData(200, 64)]
    public void Agrees_with_the_reference(int rows, int width)
    {
        foreach (Twins twins in Twins.Each(device))
        {
            using (twins)
            {
                Twin gate = twins.Random(rows, width, pad: 3, scale: 6);
                Twin up = twins.Random(rows, width, pad: 1);
                Twin y = twins.Random(rows, width, pad: 2);
                Twin dy = twins.Random(rows, width, pad: 5);
                Twin dGate = twins.Random(rows, width, pad: 1);
                Twin dUp = twins.Random(rows, width);
                twins.Run((ops, on) => ops.SwiGlu(on(gate), on(up), on(y)));
                twins.Run((ops, on) => ops.SwiGluGrad(on(gate), on(up), on(dy), on(dGate), on(dUp)));
                twins.Agree(y, 2e-6);
                twins.Agree(dGate, 3e-6);
                twins.Agree(dUp, 2e-6);

                // What is written may be what is read.
                twins.Run((ops, on) => ops.SwiGluGrad(on(gate), on(up), on(dy), on(dy), on(dUp)));
                twins.Agree(dy, 3e-6);
                twins.Agree(dUp, 2e-6);
                twins.Run((ops, on) => ops.SwiGlu(on(gate), on(up), on(up)));
                twins.Agree(up, 2e-6);
            }
        }
    }

    [Fact]
    public void Gradients_agree_with_finite_differences()
    {
        double[] gate = Rig.Random(257, 1, 4);
        double[] up = Rig.Random(257, 2);
        double[] dy = Rig.Random(257, 3);
        using Rig rig = new(device, device.Best);
        Mat dGate = rig.Matrix(1, 257);
        Mat dUp = rig.Matrix(1, 257);
        rig.Ops.SwiGluGrad(rig.Matrix(1, 257, gate), rig.Matrix(1, 257, up), rig.Matrix(1, 257, dy), dGate, dUp);
        Rig.Close([.. gate.Select((z, i) => dy[i] * up[i] * (Silu(z + 1e-5) - Silu(z - 1e-5)) / 2e-5)], rig.Values(dGate), 2e-6);
        Rig.Close([.. gate.Select((z, i) => dy[i] * Silu(z))], rig.Values(dUp), 2e-6);

        static double Silu(double z) => z / (1 + Math.Exp(-z));
    }

    [Fact]
    public void Extreme_gates_stay_finite()
    {
        using Rig rig = new(device, device.Best);
        Mat gate = rig.Matrix(1, 4, [-1e30, 1e30, -100, 100]);
        Mat up = rig.Matrix(1, 4, [1, 1, 1, 1]);
        Mat y = rig.Matrix(1, 4);
        Mat dGate = rig.Matrix(1, 4);
        rig.Ops.SwiGlu(gate, up, y);
        rig.Ops.SwiGluGrad(gate, up, up, dGate, rig.Matrix(1, 4));
        double[] values = rig.Values(y);
        Assert.Equal([0, (float)1e30, 100], [values[0], values[1], values[3]]);
        Assert.Equal(0, values[2], 1e-30);
        Assert.All(rig.Values(dGate), slope => Assert.True(double.IsFinite(slope)));
    }
}
