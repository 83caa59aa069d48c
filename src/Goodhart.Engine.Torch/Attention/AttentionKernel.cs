using Goodhart.Engine.Torch.Calls;

namespace Goodhart.Engine.Torch.Attention;

/// <summary>Softmax attention of padded batches: queries [trees, heads, q, dim], keys and values [trees, heads, k, dim].</summary>
/// <remarks>Results are as the inputs are stored, or float32; log-sum-exps are float32, [trees, heads, q], in nats.</remarks>
internal abstract class AttentionKernel(Aten aten)
{
    /// <summary>What it is called in <see cref="DeviceInfo.NumericsVersion"/>.</summary>
    public abstract string Name { get; }

    protected Aten Aten => aten;

    public abstract (TorchTensor Output, TorchTensor LogSumExp) Forward(TorchTensor q, TorchTensor k, TorchTensor v, AttentionMask mask);

    /// <param name="logSumExp">Of the forward pass; so large for a query of padding that its probabilities are 0.</param>
    public abstract (TorchTensor Queries, TorchTensor Keys, TorchTensor Values) Backward(
        TorchTensor q, TorchTensor k, TorchTensor v, AttentionMask mask, TorchTensor output, TorchTensor logSumExp, TorchTensor up);
}

/// <summary>Who sees whom.</summary>
/// <param name="Added">[trees, 1, q, k], as the inputs are stored: 0 or −∞; null: a query sees the keys up to its own place.</param>
internal readonly record struct AttentionMask(TorchTensor? Added)
{
    public Argument Optional => Added is { } mask ? Argument.Some(mask) : Argument.None;
}
