using Goodhart.Engine.Optimizers;
using Xunit;

namespace Goodhart.Engine.Torch.Tests.Precisions;

/// <summary>Which numbers are float32 where a device stores bfloat16.</summary>
public sealed class MasterWeightTests
{
    private const int Rows = 3;
    private const int Cols = 11;

    private static readonly (string, int[])[] Layout = [("w", [Rows, Cols]), ("b", [Rows])];
    private static readonly float[] Weights = [.. Conformance.Rig.Random(Rows * Cols, seed: 1).Select(value => (float)value)];

    [Fact]
    public void Masters_keep_what_operations_read_rounded()
    {
        using IDevice device = TorchKind.Stored();
        using ParameterSet set = new(device, Layout, training: true);
        set.Set("w", Weights);
        Assert.Equal(Weights, set.Get("w"));
        Assert.Equal(DType.BF16, set["w"].Value.Type);
        Assert.Equal(DType.F32, set["w"].Gradient.Type);
        Assert.Equal(Rounded(Weights), device.ReadF32(set["w"].Value));
        Assert.NotEqual(Rounded(Weights), Weights);
    }

    /// <summary>Updates so small that bfloat16 would lose every one of them add up.</summary>
    [Fact]
    public void Updates_move_the_masters_as_they_do_in_float32()
    {
        (float[] expected, _) = Updated(TorchKind.One);
        (float[] masters, float[] stored) = Updated(TorchKind.Stored);
        Assert.Equal(expected, masters);
        Assert.Equal(Rounded(masters), stored);
        Assert.All(masters.Zip(Weights), pair => Assert.NotEqual(pair.Second, pair.First));

        static (float[] Masters, float[] Stored) Updated(Func<IDevice> create)
        {
            using IDevice device = create();
            using ParameterSet set = new(device, Layout, training: true);
            set.Set("w", Weights);
            using OptimizerState optimizer = new(device, new RmsProp(), set);
            device.Upload(set["w"].Gradient, Weights);
            for (int step = 0; step < 5; step++)
            {
                optimizer.Step(set, learningRate: 1e-6);
            }

            return (set.Get("w"), device.ReadF32(set["w"].Value));
        }
    }

    [Fact]
    public void Frozen_weights_are_there_once()
    {
        using IDevice device = TorchKind.Stored();
        using ParameterSet set = new(device, Layout, training: false);
        set.Set("w", Weights);
        Assert.Equal(DType.BF16, set.Values.Type);
        Assert.Equal(Rounded(Weights), set.Get("w"));
    }

    [Fact]
    public void A_device_tells_its_precision()
    {
        using IDevice device = TorchKind.Stored();
        Assert.Equal(Precision.BF16, device.Info.Precision);
        Assert.Contains(", bf16, ", device.Info.NumericsVersion, StringComparison.Ordinal);
    }

    private static float[] Rounded(float[] values)
    {
        ushort[] stored = new ushort[values.Length];
        BFloat16.Encode(values, stored);
        float[] rounded = new float[values.Length];
        BFloat16.Decode(stored, rounded);
        return rounded;
    }
}
