using Goodhart.Engine.Torch.Calls;

namespace Goodhart.Engine.Torch.Ops;

/// <content>Layer norm and RMS norm.</content>
internal sealed partial class TorchOps
{
    public void LayerNorm(Mat x, Mat gain, Mat bias, double eps, Mat y, Mat stats)
    {
        const string Name = nameof(LayerNorm);
        RequireSame(x, y, Name);
        RequireVector(gain, x.Cols, Name, x.Type);
        RequireVector(bias, x.Cols, Name, x.Type);
        RequireStats(x, stats, 2, Name);
        if (x.IsEmpty)
        {
            return;
        }

        using Aten.Scope scope = aten.Open();
        (TorchTensor normal, TorchTensor mean, TorchTensor inverse) = aten.CallThree(
            "aten::native_layer_norm"u8, View(x), aten.List((long)x.Cols), Argument.Some(Scales(gain)), Argument.Some(Scales(bias)), eps);
        aten.Copy(View(y), normal);
        aten.Copy(Column(stats, 0), mean);
        aten.Copy(Column(stats, 1), inverse);
    }

    public void LayerNormGrad(Mat dy, Mat x, Mat gain, Mat stats, Mat dx, bool accumulate, Mat dGain, Mat dBias)
    {
        const string Name = nameof(LayerNormGrad);
        RequireSame(x, dy, Name);
        RequireSame(x, dx, Name);
        RequireVector(gain, x.Cols, Name, x.Type);
        bool isFrozen = dGain.IsEmpty && dBias.IsEmpty;
        if (!isFrozen)
        {
            RequireVector(dGain, x.Cols, Name, DType.F32);
            RequireVector(dBias, x.Cols, Name, DType.F32);
        }

        RequireStats(x, stats, 2, Name);
        if (x.IsEmpty)
        {
            return;
        }

        using Aten.Scope scope = aten.Open();
        TorchTensor scale = Scales(gain);

        // The statistics must be contiguous: strided ones give other numbers, without an error.
        (TorchTensor slope, TorchTensor gainSlope, TorchTensor biasSlope) = aten.CallThree(
            "aten::native_layer_norm_backward"u8, View(dy), View(x), aten.List((long)x.Cols), SavedColumn(stats, 0), SavedColumn(stats, 1),
            Argument.Some(scale), Argument.Some(scale), aten.List(1L, 1L, 1L));
        Put(View(dx), slope, accumulate);
        if (!isFrozen)
        {
            aten.AddInto(Vector(dGain), gainSlope);
            aten.AddInto(Vector(dBias), biasSlope);
        }
    }

    public void RmsNorm(Mat x, Mat gain, double eps, Mat y, Mat stats)
    {
        const string Name = nameof(RmsNorm);
        RequireSame(x, y, Name);
        RequireVector(gain, x.Cols, Name, x.Type);
        RequireStats(x, stats, 1, Name);
        if (x.IsEmpty)
        {
            return;
        }

        using Aten.Scope scope = aten.Open();
        TorchTensor input = aten.Float(View(x));
        TorchTensor inverse = aten.Call("aten::rsqrt"u8, ""u8, aten.Add(aten.Mean(aten.Mul(input, input), 1), eps));
        aten.Copy(Column(stats, 0), inverse);
        aten.MulOut(View(y), aten.Mul(input, inverse), Vector(gain));
    }

    public void RmsNormGrad(Mat dy, Mat x, Mat gain, Mat stats, Mat dx, bool accumulate, Mat dGain)
    {
        const string Name = nameof(RmsNormGrad);
        RequireSame(x, dy, Name);
        RequireSame(x, dx, Name);
        RequireVector(gain, x.Cols, Name, x.Type);
        if (!dGain.IsEmpty)
        {
            RequireVector(dGain, x.Cols, Name, DType.F32);
        }

        RequireStats(x, stats, 1, Name);
        if (x.IsEmpty)
        {
            return;
        }

        using Aten.Scope scope = aten.Open();
        TorchTensor up = aten.Float(View(dy));
        TorchTensor inverse = Column(stats, 0);
        TorchTensor normal = aten.Mul(View(x), inverse);
        if (!dGain.IsEmpty)
        {
            aten.AddInto(Vector(dGain), aten.Sum(aten.Mul(up, normal), 0, keep: false));
        }

        TorchTensor slope = aten.Mul(up, Vector(gain));
        aten.AddProduct(slope, normal, aten.Mean(aten.Mul(slope, normal), 1), -1);
        aten.MulInPlace(slope, inverse);
        Put(View(dx), slope, accumulate);
    }

    private static void RequireStats(Mat x, Mat stats, int cols, string operation) => ShapeException.Require(
        stats.Rows == x.Rows && stats.Cols == cols && stats.Type == DType.F32,
        operation,
        FormattableString.Invariant($"statistics [{x.Rows}, {cols}] F32"),
        stats);

    /// <summary>A norm's gain or bias. libtorch's CPU keeps the statistics of bfloat16 rows in float32 only where these are float32; its
    /// GPU kernels always do, and want them as the rows are.</summary>
    private TorchTensor Scales(Mat vector) => aten.IsHost ? aten.Float(Vector(vector)) : Vector(vector);
}
