using System.Text.Json;
using Goodhart.Testing;
using Xunit;

namespace Goodhart.Engine.Conformance;

public abstract class GeluConformance(DeviceKind device)
{
    [Theory]
    [InlineData(GeluForm.Erf, "gelu_erf", "gelu_erf_derivative")]
    [InlineData(GeluForm.Tanh, "gelu_new_tanh", "gelu_new_derivative")]
    public void Agrees_with_the_golden_values(GeluForm form, string value, string slope)
    {
        JsonElement golden = Golden.Json("engine", "gelu.json");
        double[] x = golden.GetProperty("x").Doubles();
        double[] expected = golden.GetProperty(value).Doubles();
        double[] expectedSlope = golden.GetProperty(slope).Doubles();
        foreach (string variant in device.Variants)
        {
            (double[] y, double[] dx) = Run(variant, form, x.Length, 1, x, [.. x.Select(_ => 1.0)]);
            for (int i = 0; i < x.Length; i++)
            {
                // Beyond −5 the exponential magnifies the rounding of x² on processors without fused multiply-add.
                // Where the exact value is 1 + erf or 1 + tanh near −1, a device of another library may have no digit left.
                double absolute = device.PromisesBits ? 1e-12 : 1e-6;
                double relative = Math.Abs(x[i]) > 4 ? 1e-5 : 1e-6;
                Assert.Equal(expected[i], y[i], (relative * Math.Abs(expected[i])) + absolute);
                Assert.Equal(expectedSlope[i], dx[i], (relative * Math.Abs(expectedSlope[i])) + Math.Max(1e-7, absolute));
            }
        }
    }

    [Theory]
    [InlineData(GeluForm.Erf)]
    [InlineData(GeluForm.Tanh)]
    public void Slope_agrees_with_finite_differences(GeluForm form)
    {
        double[] x = Rig.Random(257, 1, 3);
        double Value(double v) => form == GeluForm.Tanh
            ? 0.5 * v * (1 + Math.Tanh(Math.Sqrt(2 / Math.PI) * (v + (0.044715 * v * v * v))))
            : v * Simpson(v);
        double[] expected = [.. x.Select(v => (Value(v + 1e-4) - Value(v - 1e-4)) / 2e-4)];
        double[] dy = Rig.Random(257, 2);
        Rig.Close([.. expected.Zip(dy, (a, b) => a * b)], Run(device.Best, form, 1, 257, x, dy).Dx, 1e-6);
    }

    [Fact]
    public void Position_in_the_row_threads_and_vector_width_change_no_bit()
    {
        double[] x = Rig.Random(7 * 257, 3, 3);
        double[] dy = Rig.Random(7 * 257, 4);
        foreach (GeluForm form in Enum.GetValues<GeluForm>())
        {
            (double[] y, double[] dx) = Run(device.Best, form, 7, 257, x, dy);
            (double[] single, double[] singleDx) = Run(device.Best, form, 7 * 257, 1, x, dy);
            device.AssertSame(y, single);
            device.AssertSame(dx, singleDx);
            device.AssertSame(y, Run(device.Best, form, 7, 257, x, dy, 3).Y);
            if (device.AlikeVariants.Count > 1)
            {
                Assert.Equal(dx, Run(device.AlikeVariants[0], form, 7, 257, x, dy).Dx);
            }
        }
    }

    [Fact]
    public void The_gradient_may_overwrite_its_upstream()
    {
        using Rig rig = new(device, device.Best);
        double[] x = Rig.Random(35, 5);
        double[] dy = Rig.Random(35, 6);
        Mat both = rig.Matrix(5, 7, dy);
        rig.Ops.GeluGrad(rig.Matrix(5, 7, x), GeluForm.Erf, both, both);
        Assert.Equal(Run(device.Best, GeluForm.Erf, 5, 7, x, dy).Dx, rig.Values(both));
    }

    /// <summary>Φ by Simpson's rule on the density.</summary>
    private static double Simpson(double x)
    {
        const int Steps = 2000;
        double step = x / Steps;
        double sum = 0;
        for (int i = 0; i <= Steps; i++)
        {
            double weight = i is 0 or Steps ? 1 : i % 2 == 1 ? 4 : 2;
            sum += weight * Math.Exp(-0.5 * i * step * i * step);
        }

        return 0.5 + (sum * step / 3 / Math.Sqrt(2 * Math.PI));
    }

    private (double[] Y, double[] Dx) Run(string variant, GeluForm form, int rows, int cols, double[] x, double[] dy, int threads = 1)
    {
        using Rig rig = new(device, variant, threads);
        Mat input = rig.Matrix(rows, cols, x);
        Mat y = rig.Matrix(rows, cols);
        Mat dx = rig.Matrix(rows, cols);
        rig.Ops.Gelu(input, form, y);
        rig.Ops.GeluGrad(input, form, rig.Matrix(rows, cols, dy), dx);
        return (rig.Values(y), rig.Values(dx));
    }
}
