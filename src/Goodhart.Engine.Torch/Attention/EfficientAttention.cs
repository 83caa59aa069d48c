using Goodhart.Engine.Torch.Calls;

namespace Goodhart.Engine.Torch.Attention;

/// <summary>The memory-efficient kernel of libtorch's GPUs: the fused one that takes a bias, by which responses share a prompt.</summary>
/// <remarks>Sources: the operators' schemas in pytorch/pytorch, aten/src/ATen/native/native_functions.yaml. Written, not yet run.</remarks>
internal sealed class EfficientAttention(Aten aten) : AttentionKernel(aten)
{
    public override string Name => "efficient attention";

    public override (TorchTensor Output, TorchTensor LogSumExp) Forward(TorchTensor q, TorchTensor k, TorchTensor v, AttentionMask mask)
    {
        // (query, key, value, attn_bias, compute_log_sumexp, dropout_p, is_causal, scale): also the state of a generator that is not used.
        TorchTensor[] results = Aten.CallMany(
            "aten::_scaled_dot_product_efficient_attention"u8, 4, q, k, v, Bias(q, mask), true, 0.0, mask.Added is null, Argument.None);
        return (results[0], Aten.Narrow(results[1], 2, 0, Aten.Size(q, 2)));
    }

    public override (TorchTensor Queries, TorchTensor Keys, TorchTensor Values) Backward(
        TorchTensor q, TorchTensor k, TorchTensor v, AttentionMask mask, TorchTensor output, TorchTensor logSumExp, TorchTensor up)
    {
        TorchTensor unused = Aten.Number(Aten.Imports.I64, 0);
        TorchTensor[] results = Aten.CallMany(
            "aten::_scaled_dot_product_efficient_attention_backward"u8, 4, up, q, k, v, Bias(q, mask), output, Aten.Contiguous(logSumExp),
            unused, unused, 0.0, Aten.List(1L, 1L, 1L, 0L), mask.Added is null, Argument.None);
        return (results[0], results[1], results[2]);
    }

    /// <summary>One for all heads, as a view that has them.</summary>
    private Argument Bias(TorchTensor q, AttentionMask mask) => mask.Added is { } added
        ? Argument.Some(Aten.Expand(added, Aten.Size(q, 0), Aten.Size(q, 1), Aten.Size(added, 2), Aten.Size(added, 3)))
        : Argument.None;
}
