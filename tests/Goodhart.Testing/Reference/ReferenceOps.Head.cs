using Goodhart.Engine;
using Goodhart.Engine.Randomness;

namespace Goodhart.Testing.Reference;

internal sealed partial class ReferenceOps
{
    public void HeadLogits(Mat hidden, Mat weight, Mat y) => Each(y, (i, v) => At(y, i, v) = (float)Logit(hidden, weight, i, v));

    public void HeadLogProb(Mat hidden, Mat weight, Mat targetRows, Mat targetTokens, Mat logProb, Mat logSumExp)
    {
        for (int i = 0; i < hidden.Rows; i++)
        {
            At(logSumExp, i, 0) = (float)LogSumExp(Logits(hidden, weight, i));
        }

        for (int t = 0; t < targetRows.Rows; t++)
        {
            double[] z = Logits(hidden, weight, Index(targetRows, t));
            At(logProb, t, 0) = (float)(z[Index(targetTokens, t)] - LogSumExp(z));
        }
    }

    public void HeadLogProbGrad(
        Mat hidden, Mat weight, Mat targetRows, Mat targetTokens, Mat logSumExp, Mat upstream, Mat dHidden, Mat dWeight)
    {
        for (int i = 0; i < hidden.Rows; i++)
        {
            double[] dz = new double[weight.Rows];
            for (int t = 0; t < targetRows.Rows; t++)
            {
                if (Index(targetRows, t) != i)
                {
                    continue;
                }

                dz[Index(targetTokens, t)] += At(upstream, t, 0);
                double[] z = Logits(hidden, weight, i);
                double lse = LogSumExp(z);
                for (int v = 0; v < z.Length; v++)
                {
                    dz[v] -= At(upstream, t, 0) * Math.Exp(z[v] - lse);
                }
            }

            for (int j = 0; j < hidden.Cols; j++)
            {
                double sum = 0;
                for (int v = 0; v < dz.Length; v++)
                {
                    sum += dz[v] * At(weight, v, j);
                    if (!dWeight.IsEmpty)
                    {
                        At(dWeight, v, j) += (float)(dz[v] * At(hidden, i, j));
                    }
                }

                At(dHidden, i, j) = (float)sum;
            }
        }
    }

    public void HeadKl(Mat hiddenP, Mat weightP, Mat hiddenQ, Mat weightQ, Mat divergence, Mat entropy)
    {
        for (int i = 0; i < hiddenP.Rows; i++)
        {
            double[] p = LogSoftmax(Logits(hiddenP, weightP, i));
            double[] q = LogSoftmax(Logits(hiddenQ, weightQ, i));
            At(divergence, i, 0) = (float)p.Zip(q, (a, b) => Math.Exp(a) * (a - b)).Sum();
            At(divergence, i, 1) = (float)p.Zip(q, (a, b) => Math.Exp(b) * (b - a)).Sum();
            if (!entropy.IsEmpty)
            {
                At(entropy, i, 0) = (float)p.Sum(a => -Math.Exp(a) * a);
            }
        }
    }

    public void Sample(Mat hidden, Mat weight, double temperature, ulong key, Mat streams, Mat tokens, Mat logProb)
    {
        for (int i = 0; i < hidden.Rows; i++)
        {
            double[] z = [.. Logits(hidden, weight, i).Select(logit => logit / temperature)];
            int best = 0;
            double bestValue = double.NegativeInfinity;
            for (int v = 0; v < z.Length; v++)
            {
                (uint W0, uint W1, uint W2, uint W3) words = Philox.Block(
                    key, (uint)v / 4, (uint)Index(streams, i, 0), (uint)Index(streams, i, 1), (uint)Index(streams, i, 2));
                uint word = (v % 4) switch { 0 => words.W0, 1 => words.W1, 2 => words.W2, _ => words.W3 };
                double value = z[v] - Math.Log(-Math.Log(Philox.OpenUnit(word)));
                if (value > bestValue)
                {
                    (best, bestValue) = (v, value);
                }
            }

            SetIndex(tokens, i, best);
            At(logProb, i, 0) = (float)(z[best] - LogSumExp(z));
        }
    }

    private static double[] LogSoftmax(double[] z)
    {
        double lse = LogSumExp(z);
        return [.. z.Select(value => value - lse)];
    }

    private unsafe void SetIndex(Mat x, int row, int value) => memory.I32(x)[(long)row * x.Ld] = value;

    private double[] Logits(Mat hidden, Mat weight, int row) =>
        [.. Enumerable.Range(0, weight.Rows).Select(v => Logit(hidden, weight, row, v))];

    private double Logit(Mat hidden, Mat weight, int row, int token)
    {
        double sum = 0;
        for (int j = 0; j < hidden.Cols; j++)
        {
            sum += (double)At(hidden, row, j) * At(weight, token, j);
        }

        return sum;
    }
}
