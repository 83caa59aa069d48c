using System.Numerics;

namespace Goodhart.Engine.Cpu;

/// <summary>One step of AdamW with its bias corrections: no fused operations, so that every instruction set rounds alike.</summary>
internal readonly unsafe struct AdamWStep(
    double learningRate, double beta1, double beta2, double eps, double weightDecay, int step)
{
    private readonly float keep = (float)(1 - (learningRate * weightDecay));
    private readonly float rest1 = (float)(1 - beta1);
    private readonly float beta2 = (float)beta2;
    private readonly float rest2 = (float)(1 - beta2);
    private readonly float negativeRate = (float)(-learningRate / (1 - Math.Pow(beta1, step)));
    private readonly float rootCorrection = (float)Math.Sqrt(1 - Math.Pow(beta2, step));
    private readonly float eps = (float)eps;

    public void Apply(float* w, float* g, float* m, float* v, int count)
    {
        int i = 0;
        for (; i + Vector<float>.Count <= count; i += Vector<float>.Count)
        {
            Vector<float> gradient = Vector.Load(g + i);
            Vector<float> mean = Vector.Load(m + i);
            mean += (gradient - mean) * rest1;
            mean.Store(m + i);
            Vector<float> square = (Vector.Load(v + i) * beta2) + ((gradient * rest2) * gradient);
            square.Store(v + i);
            Vector<float> denominator = (Vector.SquareRoot(square) / new Vector<float>(rootCorrection)) + new Vector<float>(eps);
            ((Vector.Load(w + i) * keep) + ((mean * negativeRate) / denominator)).Store(w + i);
        }

        for (; i < count; i++)
        {
            m[i] += (g[i] - m[i]) * rest1;
            v[i] = (v[i] * beta2) + ((g[i] * rest2) * g[i]);
            float denominator = (MathF.Sqrt(v[i]) / rootCorrection) + eps;
            w[i] = (w[i] * keep) + ((m[i] * negativeRate) / denominator);
        }
    }
}
