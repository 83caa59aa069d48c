using Goodhart.Engine.Torch.Calls;
using Goodhart.Engine.Torch.Library;

namespace Goodhart.Engine.Torch.Attention;

/// <summary>Which kernel a device computes attention with.</summary>
internal static class AttentionKernels
{
    /// <summary>Of bfloat16 results of about unit size.</summary>
    private const double Tolerance = 0.05;

    private const int Trees = 2;
    private const int Heads = 2;
    private const int Queries = 32;
    private const int Keys = 40;
    private const int Dim = 32;

    /// <summary>A fused one; on a GPU, where versions differ, only if a small case agrees with the plain one.</summary>
    /// <param name="storage">libtorch's number of the type that activations are stored in.</param>
    public static AttentionKernel Of(Aten aten, int storage)
    {
        AttentionKernel plain = new PlainAttention(aten);
        AttentionKernel fused = aten.IsHost ? new CpuFlashAttention(aten) : new EfficientAttention(aten);
        try
        {
            return aten.IsHost || Distance(aten, storage, fused, plain) < Tolerance ? fused : plain;
        }
        catch (TorchException)
        {
            return plain;   // this libtorch or this GPU has no such kernel: DeviceInfo says which one computes
        }
    }

    /// <summary>The largest difference between two kernels, forward and backward, with a mask and causal; NaN where one is not a
    /// number.</summary>
    public static double Distance(Aten aten, int storage, AttentionKernel kernel, AttentionKernel other)
    {
        using Aten.Scope scope = aten.Open();
        (TorchTensor q, TorchTensor k) = (Waves(Queries, 0.7), Waves(Keys, 1.3));
        (TorchTensor v, TorchTensor up) = (Waves(Keys, 2.9), Waves(Queries, 0.37));
        TorchTensor seen = aten.FromHost(
            [.. Enumerable.Range(0, Trees * Queries * Keys).Select(i => i % 7 == 0 ? float.NegativeInfinity : 0)], aten.Imports.F32, Trees,
            1, Queries, Keys);
        double distance = 0;
        foreach (AttentionMask mask in (AttentionMask[])[new(null), new(aten.To(seen, storage))])
        {
            foreach ((float[] mine, float[] others) in Results(kernel, mask).Zip(Results(other, mask)))
            {
                // Math.Max keeps NaN. Enumerable.Max takes it for the least of all numbers, and would tell how near the others are.
                distance = mine.Zip(others, (a, b) => Math.Abs(a - (double)b)).Aggregate(distance, Math.Max);
            }
        }

        return distance;

        TorchTensor Waves(int rows, double frequency) => aten.To(
            aten.FromHost(
                [.. Enumerable.Range(0, Trees * Heads * rows * Dim).Select(i => (float)Math.Sin(frequency * i))], aten.Imports.F32, Trees,
                Heads, rows, Dim),
            storage);

        float[][] Results(AttentionKernel by, AttentionMask mask)
        {
            (TorchTensor output, TorchTensor lse) = by.Forward(q, k, v, mask);
            (TorchTensor dq, TorchTensor dk, TorchTensor dv) = by.Backward(q, k, v, mask, aten.To(output, storage), lse, up);
            return [.. new[] { output, lse, dq, dk, dv }.Select(aten.ToHost)];
        }
    }
}
