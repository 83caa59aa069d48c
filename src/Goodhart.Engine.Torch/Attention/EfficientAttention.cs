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
        Argument bias = mask.Added is null ? Argument.None : Argument.Some(Bias(q, mask));
        TorchTensor[] results = Aten.CallMany(
            "aten::_scaled_dot_product_efficient_attention"u8, 4, q, k, v, bias, true, 0.0, mask.Added is null, Argument.None);
        return (results[0], Aten.Narrow(results[1], 2, 0, Aten.Size(q, 2)));
    }

    public override (TorchTensor Queries, TorchTensor Keys, TorchTensor Values) Backward(
        TorchTensor q, TorchTensor k, TorchTensor v, AttentionMask mask, TorchTensor output, TorchTensor logSumExp, TorchTensor up)
    {
        // Here the bias is a tensor that may be absent, not an optional one.
        TorchTensor bias = mask.Added is null ? Aten.Absent() : Bias(q, mask);
        TorchTensor unused = Aten.Number(Aten.Imports.I64, 0);
        TorchTensor[] results = Aten.CallMany(
            "aten::_scaled_dot_product_efficient_attention_backward"u8, 4, up, q, k, v, bias, output, Aten.Contiguous(logSumExp), unused,
            unused, 0.0, Aten.List(1L, 1L, 1L, 0L), mask.Added is null, Argument.None);
        return (results[0], results[1], results[2]);
    }

    /// <summary>One for all heads, as a view that has them.</summary>
    private TorchTensor Bias(TorchTensor q, AttentionMask mask) =>
        Aten.Expand(mask.Added!.Value, Aten.Size(q, 0), Aten.Size(q, 1), Aten.Size(q, 2), Aten.Size(mask.Added.Value, 3));
}
