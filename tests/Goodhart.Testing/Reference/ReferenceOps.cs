using Goodhart.Engine;
using Goodhart.Engine.Cpu;

namespace Goodhart.Testing.Reference;

/// <summary>Every operation of <see cref="IOps"/> as its definition says: the executable specification of the kernels.</summary>
internal sealed unsafe partial class ReferenceOps(HostMemory memory) : IOps
{
    public void Zero(Mat x)
    {
        for (int i = 0; i < x.Rows; i++)
        {
            new Span<byte>(memory.Address(x.Mem) + ((long)i * x.Ld * x.Type.Size()), x.Cols * x.Type.Size()).Clear();
        }
    }

    public void Copy(Mat x, Mat y) => Each(x, (i, j) => At(y, i, j) = At(x, i, j));

    public void AddTo(Mat x, Mat y) => Each(x, (i, j) => At(y, i, j) += At(x, i, j));

    public void Embed(Mat table, Mat tokens, Mat y) => Each(y, (i, j) => At(y, i, j) = At(table, Index(tokens, i), j));

    public void EmbedGrad(Mat dy, Mat tokens, Mat dTable) => Each(dy, (i, j) => At(dTable, Index(tokens, i), j) += At(dy, i, j));

    public void GatherRows(Mat x, Mat rows, Mat y) => Each(y, (i, j) => At(y, i, j) = At(x, Index(rows, i), j));

    public void GatherRowsGrad(Mat dy, Mat rows, Mat dx, bool accumulate)
    {
        if (!accumulate)
        {
            Zero(dx);
        }

        Each(dy, (i, j) => At(dx, Index(rows, i), j) += At(dy, i, j));
    }

    public void SumSquares(Mat x, Mat result)
    {
        double sum = 0;
        Each(x, (i, j) => sum += (double)At(x, i, j) * At(x, i, j));
        *memory.F64(result) = sum;
    }

    public void ScaleToNorm(Mat x, Mat sumSquares, double maxNorm)
    {
        double scale = maxNorm / (Math.Sqrt(*memory.F64(sumSquares)) + 1e-6);
        if (scale < 1)
        {
            Each(x, (i, j) => At(x, i, j) = (float)(At(x, i, j) * scale));
        }
    }

    public void RmsProp(Mat w, Mat g, Mat v, double learningRate, double alpha, double eps) => Each(w, (i, j) =>
    {
        double gradient = At(g, i, j);
        double square = (alpha * At(v, i, j)) + ((1 - alpha) * gradient * gradient);
        At(v, i, j) = (float)square;
        At(w, i, j) = (float)(At(w, i, j) - (learningRate * gradient / (Math.Sqrt(square) + eps)));
    });

    public void AdamW(
        Mat w, Mat g, Mat m, Mat v, double learningRate, double beta1, double beta2, double eps, double weightDecay, int step) =>
        Each(w, (i, j) =>
        {
            double gradient = At(g, i, j);
            double first = (beta1 * At(m, i, j)) + ((1 - beta1) * gradient);
            double second = (beta2 * At(v, i, j)) + ((1 - beta2) * gradient * gradient);
            At(m, i, j) = (float)first;
            At(v, i, j) = (float)second;
            double denominator = (Math.Sqrt(second) / Math.Sqrt(1 - Math.Pow(beta2, step))) + eps;
            double decayed = At(w, i, j) * (1 - (learningRate * weightDecay));
            At(w, i, j) = (float)(decayed - (learningRate / (1 - Math.Pow(beta1, step)) * first / denominator));
        });

    private static void Each(Mat x, Action<int, int> body)
    {
        for (int i = 0; i < x.Rows; i++)
        {
            for (int j = 0; j < x.Cols; j++)
            {
                body(i, j);
            }
        }
    }

    private ref float At(Mat x, int row, int col) => ref memory.F32(x)[((long)row * x.Ld) + col];

    private int Index(Mat x, int row, int col = 0) => memory.I32(x)[((long)row * x.Ld) + col];
}
