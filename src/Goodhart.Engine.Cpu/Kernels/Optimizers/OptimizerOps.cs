using System.Numerics;
using System.Runtime.Intrinsics;

namespace Goodhart.Engine.Cpu;

/// <content>Optimizer steps and the gradient norm, over flat matrices. Element by element in PyTorch's order of roundings.</content>
internal sealed unsafe partial class CpuOps
{
    /// <summary>Elements at a time: partial sums of the norm are over such chunks, for any number of threads.</summary>
    private const int FlatChunk = 16384;

    public void SumSquares(Mat x, Mat result)
    {
        RequireFlat(nameof(SumSquares), x, x.Count);
        ShapeException.Require(result.Count == 1 && result.Type == DType.F64, nameof(SumSquares), "result [1, 1] F64", result);
        float* values = F(x);
        int chunks = (int)((x.Count + FlatChunk - 1) / FlatChunk);
        double* partial = (double*)scratch[0].Floats(ScratchSlot.RowState, Math.Max(1, chunks) * 2L);
        RunFlat(x.Count, (start, count) => partial[start / FlatChunk] = SumSquares(values + start, count));
        double sum = 0;
        for (int chunk = 0; chunk < chunks; chunk++)
        {
            sum += partial[chunk];
        }

        *memory.F64(result) = sum;
    }

    public void ScaleToNorm(Mat x, Mat sumSquares, double maxNorm)
    {
        RequireFlat(nameof(ScaleToNorm), x, x.Count);
        ShapeException.Require(sumSquares.Count == 1 && sumSquares.Type == DType.F64, nameof(ScaleToNorm), "a sum [1, 1] F64", sumSquares);
        float factor = (float)Math.Min(1, maxNorm / (Math.Sqrt(*memory.F64(sumSquares)) + 1e-6));
        if (factor == 1)
        {
            return;
        }

        float* values = F(x);
        RunFlat(x.Count, (start, count) => Scale(new Span<float>(values + start, count), factor));
    }

    public void RmsProp(Mat w, Mat g, Mat v, double learningRate, double alpha, double eps)
    {
        const string Name = nameof(RmsProp);
        RequireFlat(Name, w, w.Count);
        RequireFlat(Name, g, w.Count);
        RequireFlat(Name, v, w.Count);
        RmsPropStep step = new((float)-learningRate, (float)alpha, (float)(1 - alpha), (float)eps);
        float* weights = F(w);
        float* gradients = F(g);
        float* squares = F(v);
        RunFlat(w.Count, (start, count) => step.Apply(weights + start, gradients + start, squares + start, count));
    }

    public void AdamW(Mat w, Mat g, Mat m, Mat v, double learningRate, double beta1, double beta2, double eps, double weightDecay, int step)
    {
        const string Name = nameof(AdamW);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(step);
        RequireFlat(Name, w, w.Count);
        RequireFlat(Name, g, w.Count);
        RequireFlat(Name, m, w.Count);
        RequireFlat(Name, v, w.Count);
        AdamWStep adam = new(learningRate, beta1, beta2, eps, weightDecay, step);
        float* weights = F(w);
        float* gradients = F(g);
        float* means = F(m);
        float* squares = F(v);
        RunFlat(w.Count, (start, count) =>
            adam.Apply(weights + start, gradients + start, means + start, squares + start, count));
    }

    private static void RequireFlat(string name, Mat x, long count) =>
        ShapeException.Require(
            x.Count == count && (x.Ld == x.Cols || x.Rows <= 1) && x.Type == DType.F32, name, $"{count} contiguous F32 elements", x);

    private void RunFlat(long total, Action<long, int> body)
    {
        int chunks = (int)((total + FlatChunk - 1) / FlatChunk);
        team.Run(chunks, (chunk, _) =>
        {
            long start = (long)chunk * FlatChunk;
            body(start, (int)Math.Min(FlatChunk, total - start));
        });
    }

    /// <summary>In double (squares of floats are exact), in 8 lanes on every instruction set.</summary>
    private static double SumSquares(float* x, int count)
    {
        Vector256<double> low = default;
        Vector256<double> high = default;
        int i = 0;
        for (; i + 8 <= count; i += 8)
        {
            (Vector256<double> first, Vector256<double> second) = Vector256.Widen(Vector256.Load(x + i));
            low += first * first;
            high += second * second;
        }

        double rest = 0;
        for (; i < count; i++)
        {
            rest += (double)x[i] * x[i];
        }

        return ((low[0] + low[1]) + (low[2] + low[3])) + ((high[0] + high[1]) + (high[2] + high[3])) + rest;
    }

    private static void Scale(Span<float> x, float factor)
    {
        int i = 0;
        for (; i + Vector<float>.Count <= x.Length; i += Vector<float>.Count)
        {
            (new Vector<float>(x[i..]) * factor).CopyTo(x[i..]);
        }

        for (; i < x.Length; i++)
        {
            x[i] *= factor;
        }
    }
}
