using Goodhart.Engine.Torch.Calls;

namespace Goodhart.Engine.Torch.Attention;

/// <summary>libtorch's fused kernel for CPUs; a causal one leaves out the half that is not seen.</summary>
internal sealed class CpuFlashAttention(Aten aten) : AttentionKernel(aten)
{
    public override string Name => "flash attention";

    public override (TorchTensor Output, TorchTensor LogSumExp) Forward(TorchTensor q, TorchTensor k, TorchTensor v, AttentionMask mask) =>
        Aten.CallTwo(
            "aten::_scaled_dot_product_flash_attention_for_cpu"u8, q, k, v, 0.0, mask.Added is null, mask.Optional, Argument.None);

    public override (TorchTensor Queries, TorchTensor Keys, TorchTensor Values) Backward(
        TorchTensor q, TorchTensor k, TorchTensor v, AttentionMask mask, TorchTensor output, TorchTensor logSumExp, TorchTensor up) =>
        Aten.CallThree(
            "aten::_scaled_dot_product_flash_attention_for_cpu_backward"u8, up, q, k, v, output, logSumExp, 0.0, mask.Added is null,
            mask.Optional, Argument.None);
}
