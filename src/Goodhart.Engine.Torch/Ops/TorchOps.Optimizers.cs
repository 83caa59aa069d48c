using Goodhart.Engine.Torch.Calls;

namespace Goodhart.Engine.Torch.Ops;

/// <content>Optimizers and the global norm, over whole slabs a part at a time.</content>
internal sealed partial class TorchOps
{
    /// <summary>Elements at a time: on the CPU what a processor's cache holds, on a GPU what fills it.</summary>
    internal static int FlatElements(bool isHost) => isHost ? 1 << 17 : 1 << 24;

    public void SumSquares(Mat x, Mat result)
    {
        RequireFlat(x, x.Count, nameof(SumSquares));
        ShapeException.Require(result.Count == 1 && result.Type == DType.F64, nameof(SumSquares), "result [1, 1] F64", result);
        Zero(result);
        foreach ((long start, int count) in FlatChunks(x.Count))
        {
            using Aten.Scope part = aten.Open();
            TorchTensor values = aten.To(Part(x, start, count), aten.Imports.F64);
            TorchTensor square = aten.Call("aten::sum"u8, ""u8, aten.Mul(values, values), Argument.None);
            TorchTensor total = Vector(result);
            aten.Copy(total, aten.Add(total, square));
        }
    }

    public void ScaleToNorm(Mat x, Mat sumSquares, double maxNorm)
    {
        RequireFlat(x, x.Count, nameof(ScaleToNorm));
        ShapeException.Require(
            sumSquares.Count == 1 && sumSquares.Type == DType.F64, nameof(ScaleToNorm), "a sum [1, 1] F64", sumSquares);
        using Aten.Scope scope = aten.Open();
        TorchTensor norm = aten.Add(aten.Sqrt(Vector(sumSquares)), 1e-6);
        TorchTensor ratio = aten.Mul(aten.Call("aten::reciprocal"u8, ""u8, norm), maxNorm);
        TorchTensor scale = aten.Call("aten::minimum"u8, ""u8, ratio, aten.Number(aten.Imports.F64, 1));
        aten.MulInPlace(Vector(x), aten.To(scale, aten.Imports.F32));
    }

    public void RmsProp(Mat w, Mat g, Mat v, double learningRate, double alpha, double eps)
    {
        const string Name = nameof(RmsProp);
        RequireFlat(w, w.Count, Name);
        RequireFlat(g, w.Count, Name);
        RequireFlat(v, w.Count, Name);
        foreach ((long start, int count) in FlatChunks(w.Count))
        {
            using Aten.Scope scope = aten.Open();
            (TorchTensor gradient, TorchTensor square) = (Part(g, start, count), Part(v, start, count));
            aten.MulInPlace(square, aten.Number(aten.Imports.F32, alpha));
            aten.AddProduct(square, gradient, gradient, 1 - alpha);
            aten.AddQuotient(Part(w, start, count), gradient, aten.Add(aten.Sqrt(square), eps), -learningRate);
        }
    }

    public void AdamW(
        Mat w, Mat g, Mat m, Mat v, double learningRate, double beta1, double beta2, double eps, double weightDecay, int step)
    {
        const string Name = nameof(AdamW);
        foreach (Mat mat in (ReadOnlySpan<Mat>)[w, g, m, v])
        {
            RequireFlat(mat, w.Count, Name);
        }

        using Aten.Scope scope = aten.Open();
        aten.Do(
            "aten::_fused_adamw_"u8, ""u8, aten.List(Vector(w)), aten.List(Vector(g)), aten.List(Vector(m)), aten.List(Vector(v)),
            aten.List((ReadOnlySpan<TorchTensor>)[]), aten.List(aten.Number(aten.Imports.F32, step)), learningRate, beta1, beta2,
            weightDecay, eps, false, false, Argument.None, Argument.None);
    }

    private IEnumerable<(long Start, int Count)> FlatChunks(long total)
    {
        int elements = FlatElements(aten.IsHost);
        for (long start = 0; start < total; start += elements)
        {
            yield return (start, (int)Math.Min(elements, total - start));
        }
    }

    private static void RequireFlat(Mat x, long count, string operation) => ShapeException.Require(
        x.Count == count && x.Type == DType.F32 && (x.Ld == x.Cols || x.Rows <= 1),
        operation,
        FormattableString.Invariant($"{count} contiguous F32 values"),
        x);

    private TorchTensor Part(Mat flat, long start, int count) => memory.View(flat, [count], [1], start);
}
