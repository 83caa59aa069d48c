using System.Numerics;

namespace Goodhart.Engine.Cpu;

/// <summary>v = α v + (1 − α) g²; w −= lr g/(√v + eps): no fused operations, so that every instruction set rounds alike.</summary>
internal readonly unsafe record struct RmsPropStep(float NegativeRate, float Alpha, float Rest, float Eps)
{
    public void Apply(float* w, float* g, float* v, int count)
    {
        int i = 0;
        for (; i + Vector<float>.Count <= count; i += Vector<float>.Count)
        {
            Vector<float> gradient = Vector.Load(g + i);
            Vector<float> square = (Vector.Load(v + i) * Alpha) + ((gradient * Rest) * gradient);
            square.Store(v + i);
            Vector<float> denominator = Vector.SquareRoot(square) + new Vector<float>(Eps);
            (Vector.Load(w + i) + ((gradient * NegativeRate) / denominator)).Store(w + i);
        }

        for (; i < count; i++)
        {
            float square = (v[i] * Alpha) + ((g[i] * Rest) * g[i]);
            v[i] = square;
            w[i] += (g[i] * NegativeRate) / (MathF.Sqrt(square) + Eps);
        }
    }
}
