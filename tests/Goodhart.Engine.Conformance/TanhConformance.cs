using Xunit;

namespace Goodhart.Engine.Conformance;

public abstract class TanhConformance(DeviceKind device)
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
                Twin x = twins.Random(rows, width, pad: 3, scale: 4);
                Twin y = twins.Random(rows, width, pad: 2);
                Twin dy = twins.Random(rows, width, pad: 1);
                Twin dx = twins.Random(rows, width, pad: 1);
                twins.Run((ops, on) => ops.Tanh(on(x), on(y)));
                twins.Run((ops, on) => ops.TanhGrad(on(y), on(dy), on(dx)));
                twins.Agree(y, 1e-6);
                twins.Agree(dx, 1e-6);
            }
        }
    }

    [Fact]
    public void Saturates_at_one_without_NaN()
    {
        using Rig rig = new(device, device.Best);
        Mat y = rig.Matrix(1, 4);
        rig.Ops.Tanh(rig.Matrix(1, 4, [-1000, 1000, 0, 1e-30]), y);
        Assert.Equal([-1, 1, 0, (float)1e-30], rig.Values(y));
    }

    [Fact]
    public void The_gradient_may_overwrite_its_upstream()
    {
        using Rig rig = new(device, device.Best);
        double[] y = Rig.Random(35, 5, 0.4);
        double[] dy = Rig.Random(35, 6);
        Mat both = rig.Matrix(5, 7, dy);
        rig.Ops.TanhGrad(rig.Matrix(5, 7, y), both, both);
        Rig.Close([.. y.Zip(dy, (a, b) => b * (1 - (a * a)))], rig.Values(both), 1e-6);
    }
}
