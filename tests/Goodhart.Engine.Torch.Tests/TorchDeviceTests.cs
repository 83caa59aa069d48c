using Goodhart.Engine.Torch.Calls;
using Goodhart.Engine.Torch.Library;
using Xunit;

namespace Goodhart.Engine.Torch.Tests;

/// <summary>What the device says of itself, and what becomes of libtorch's refusals.</summary>
public sealed class TorchDeviceTests
{
    [Fact]
    public void Its_numerics_name_library_device_precision_threads_and_rows()
    {
        using IDevice device = TorchKind.One();
        Assert.Equal("torch", device.Info.Name);
        Assert.False(device.Info.PromisesBits);
        Assert.Equal(
            "torch-3, libtorch 2.10, torch, f32, flash attention, 3 threads, 512 rows",
            device.Info.Numerics(threads: 3, rowBudget: 512));
        Assert.Equal(2, device.Info.ThreadsOfStep(offered: 4, threads: 4, workers: 2));
    }

    [Fact]
    public void What_libtorch_says_is_in_the_message()
    {
        TorchExports exports = new(TorchSearch.Find(AppContext.BaseDirectory), cuda: false);
        NativeErrors.Listen();
        Aten aten = new(new TorchImports(exports, "cpu"), new OpenMp(exports), threads: 1, deviceIndex: 0);
        using Aten.Scope scope = aten.Open();
        TorchException thrown = Assert.Throws<TorchException>(() =>
            aten.Mm(aten.New(aten.Imports.F32, 2, 3), aten.New(aten.Imports.F32, 4, 5)));
        Assert.Contains("aten::mm: libtorch refused: ", thrown.Message, StringComparison.Ordinal);
        Assert.Contains("shapes cannot be multiplied (2x3 and 4x5)", thrown.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("frame #", thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_log_sum_exp_in_place_has_the_bits_of_libtorch_s_own()
    {
        TorchExports exports = new(TorchSearch.Find(AppContext.BaseDirectory), cuda: false);
        Aten aten = new(new TorchImports(exports, "cpu"), new OpenMp(exports), threads: 1, deviceIndex: 0);
        using Aten.Scope scope = aten.Open();
        float[] values = [.. Conformance.Rig.Random(7 * 1003, 9).Select(value => (float)(30 * value))];
        TorchTensor logits = aten.FromHost(values, aten.Imports.F32, 7, 1003);
        float[] expected = aten.ToHost(aten.LogSumExp(logits, 1));
        Assert.Equal(expected, aten.ToHost(aten.LogSumExpInPlace(logits)));
        Assert.Equal(7, expected.Distinct().Count());
    }

    /// <summary>Large enough that libtorch shares each of the operations among its threads.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void The_same_calls_give_the_same_bits_again(int threads)
    {
        float[] first = Run(threads);
        Assert.Equal(first, Run(threads));
        Assert.Contains(first, value => value != 0);
    }

    private static float[] Run(int threads)
    {
        const int Rows = 700;
        const int Width = 96;
        const int Vocabulary = 300;
        using IDevice device = TorchKind.Kind.Create("torch", threads);
        using IArena arena = device.CreateArena("test", 1 << 20);
        Mat x = Filled(Rows, Width, 1);
        Mat weight = Filled(Vocabulary, Width, 2);
        Mat y = Filled(Rows, Vocabulary, 3);
        Mat dWeight = Filled(Vocabulary, Width, 4);
        Mat dBias = Filled(Vocabulary, 1, 5);
        device.Ops.Linear(x, weight, dBias, default, y);
        device.Ops.LinearWeightGrad(y, x, dWeight, dBias);
        Mat tokens = device.UploadI32(arena, [.. Enumerable.Range(0, Rows).Select(i => i * i % 7)]);
        device.Ops.EmbedGrad(x, tokens, dWeight);
        Mat logProb = Filled(Rows, 1, 6);
        Mat logSumExp = Filled(Rows, 1, 7);
        Mat rows = device.UploadI32(arena, [.. Enumerable.Range(0, Rows)]);
        device.Ops.HeadLogProb(x, weight, rows, tokens, logProb, logSumExp);
        device.Ops.HeadLogProbGrad(x, weight, rows, tokens, logSumExp, logProb, Filled(Rows, Width, 8), dWeight);
        return [.. device.ReadF32(y), .. device.ReadF32(dWeight), .. device.ReadF32(dBias), .. device.ReadF32(logProb)];

        Mat Filled(int count, int cols, int seed)
        {
            Mat mat = arena.Allocate(count, cols);
            device.Upload(mat, [.. Conformance.Rig.Random(count * cols, seed).Select(value => (float)value)]);
            return mat;
        }
    }
}
