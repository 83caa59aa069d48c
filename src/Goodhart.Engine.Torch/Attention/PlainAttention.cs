using Goodhart.Engine.Torch.Calls;

namespace Goodhart.Engine.Torch.Attention;

/// <summary>By products and exponentials in float32: what fused kernels must agree with, and what computes where there is none.</summary>
internal sealed class PlainAttention(Aten aten) : AttentionKernel(aten)
{
    public override string Name => "plain attention";

    public override (TorchTensor Output, TorchTensor LogSumExp) Forward(TorchTensor q, TorchTensor k, TorchTensor v, AttentionMask mask)
    {
        TorchTensor scores = Scores(q, k, mask);
        TorchTensor lse = Aten.LogSumExp(scores, 3);
        return (Aten.Matmul(Aten.ExpInPlace(Aten.Add(scores, lse, -1)), Aten.Float(v)), Aten.Select(lse, 3, 0));
    }

    public override (TorchTensor Queries, TorchTensor Keys, TorchTensor Values) Backward(
        TorchTensor q, TorchTensor k, TorchTensor v, AttentionMask mask, TorchTensor output, TorchTensor logSumExp, TorchTensor up)
    {
        TorchTensor dy = Aten.Float(up);
        TorchTensor p = Aten.ExpInPlace(Aten.Add(Scores(q, k, mask), Aten.Unsqueeze(logSumExp, 3), -1));
        TorchTensor dv = Aten.Matmul(Aten.Transpose(p, 2, 3), dy);
        TorchTensor slope = Aten.Add(
            Aten.Matmul(dy, Aten.Transpose(Aten.Float(v), 2, 3)), Aten.Sum(Aten.Mul(dy, output), 3, keep: true), -1);
        TorchTensor ds = Aten.Mul(Aten.Mul(slope, p), Scale(q));
        return (Aten.Matmul(ds, Aten.Float(k)), Aten.Matmul(Aten.Transpose(ds, 2, 3), Aten.Float(q)), dv);
    }

    private TorchTensor Scores(TorchTensor q, TorchTensor k, AttentionMask mask)
    {
        TorchTensor scores = Aten.Matmul(Aten.Mul(Aten.Float(q), Scale(q)), Aten.Transpose(Aten.Float(k), 2, 3));
        return Aten.Add(scores, mask.Added ?? Causal(Aten.Size(scores, 2), Aten.Size(scores, 3)));
    }

    /// <summary>log 1 = 0 up to the diagonal, log 0 = −∞ above it.</summary>
    private TorchTensor Causal(long queries, long keys)
    {
        TorchTensor ones = Aten.New(Aten.Imports.F32, queries, keys);
        Aten.Fill(ones, 1);
        return Aten.Log(Aten.Call("aten::tril"u8, ""u8, ones, 0L));
    }

    private double Scale(TorchTensor q) => Math.Pow(Aten.Size(q, 3), -0.5);
}
