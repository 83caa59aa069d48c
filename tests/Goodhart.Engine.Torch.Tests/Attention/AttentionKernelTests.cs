using Goodhart.Engine.Torch.Attention;
using Goodhart.Engine.Torch.Calls;
using Goodhart.Engine.Torch.Library;
using Xunit;

namespace Goodhart.Engine.Torch.Tests.Attention;

/// <summary>Fused kernels against the plain one, and, without a GPU, at least that libtorch takes the arguments of a GPU's.</summary>
public sealed class AttentionKernelTests
{
    private readonly Aten aten = Opened();

    [Fact]
    public void The_fused_kernel_of_the_cpu_agrees_with_the_plain_one()
    {
        AttentionKernel fused = AttentionKernels.Of(aten, aten.Imports.F32);
        Assert.IsType<CpuFlashAttention>(fused);
        Assert.InRange(AttentionKernels.Distance(aten, aten.Imports.F32, fused, new PlainAttention(aten)), 1e-9, 2e-5);
        Assert.InRange(AttentionKernels.Distance(aten, aten.Imports.BF16, fused, new PlainAttention(aten)), 1e-9, 0.05);
    }

    /// <summary>Else a kernel that is wrong in a few rows, as where all of a block is masked, would be chosen for training.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_single_result_that_is_not_a_number_is_seen(bool ofBackward)
    {
        PlainAttention plain = new(aten);
        BrokenAttention broken = new(aten, plain, ofBackward);
        Assert.Equal(double.NaN, AttentionKernels.Distance(aten, aten.Imports.F32, broken, plain));
        Assert.Equal(double.NaN, AttentionKernels.Distance(aten, aten.Imports.F32, plain, broken));
    }

    /// <summary>An operator whose schema were another would be refused with other words.</summary>
    [Fact]
    public void The_kernel_of_gpus_is_called_as_its_schema_says()
    {
        using Aten.Scope scope = aten.Open();
        EfficientAttention kernel = new(aten);
        TorchTensor rows = aten.New(aten.Imports.F32, 2, 2, 32, 8);
        TorchTensor lse = aten.New(aten.Imports.F32, 2, 2, 32);
        foreach (AttentionMask mask in (AttentionMask[])[new(null), new(aten.New(aten.Imports.F32, 2, 1, 32, 32))])
        {
            Refused("aten::_scaled_dot_product_efficient_attention'", () => kernel.Forward(rows, rows, rows, mask));
            Refused(
                "aten::_scaled_dot_product_efficient_attention_backward'",
                () => kernel.Backward(rows, rows, rows, mask, rows, lse, rows));
        }
    }

    [Fact]
    public void So_is_the_product_of_gpus_that_is_not_rounded()
    {
        using Aten.Scope scope = aten.Open();
        Refused(
            "aten::mm.dtype'",
            () => aten.MmInto(aten.Imports.F32, aten.New(aten.Imports.BF16, 4, 4), aten.New(aten.Imports.BF16, 4, 4)));
    }

    private static void Refused(string name, Action call) => Assert.Contains(
        $"Could not run '{name} with arguments from the 'CPU' backend", Assert.Throws<TorchException>(call).Message,
        StringComparison.Ordinal);

    private static Aten Opened()
    {
        TorchExports exports = new(TorchSearch.Find(AppContext.BaseDirectory), cuda: false);
        NativeErrors.Listen();
        return new Aten(new TorchImports(exports, "cpu"), new OpenMp(exports), threads: 1, deviceIndex: 0);
    }

    /// <summary>One element of the output, or of the keys' gradient, is not a number.</summary>
    private sealed class BrokenAttention(Aten aten, AttentionKernel sound, bool ofBackward) : AttentionKernel(aten)
    {
        public override string Name => "broken attention";

        public override (TorchTensor Output, TorchTensor LogSumExp) Forward(
            TorchTensor q, TorchTensor k, TorchTensor v, AttentionMask mask)
        {
            (TorchTensor output, TorchTensor lse) = sound.Forward(q, k, v, mask);
            return (ofBackward ? output : Broken(output), lse);
        }

        public override (TorchTensor Queries, TorchTensor Keys, TorchTensor Values) Backward(
            TorchTensor q, TorchTensor k, TorchTensor v, AttentionMask mask, TorchTensor output, TorchTensor logSumExp, TorchTensor up)
        {
            (TorchTensor dq, TorchTensor dk, TorchTensor dv) = sound.Backward(q, k, v, mask, output, logSumExp, up);
            return (dq, ofBackward ? Broken(dk) : dk, dv);
        }

        private TorchTensor Broken(TorchTensor x)
        {
            float[] values = Aten.ToHost(x);
            values[^7] = float.NaN;
            return Aten.FromHost(values, Aten.Imports.F32, Aten.Size(x, 0), Aten.Size(x, 1), Aten.Size(x, 2), Aten.Size(x, 3));
        }
    }
}
