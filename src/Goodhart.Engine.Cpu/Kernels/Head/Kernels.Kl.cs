using System.Runtime.CompilerServices;

namespace Goodhart.Engine.Cpu;

/// <summary>Divergences of one row under way, in nats.</summary>
internal struct KlSums
{
    public double PToQ;
    public double QToP;
    public double Entropy;
}

/// <content>Divergences.</content>
internal abstract unsafe partial class Kernels
{
    /// <summary>Adds a block of tokens to the sums; both log-sum-exps are complete.</summary>
    public abstract void AddDivergences(float* logitsP, in LogSumExp p, float* logitsQ, in LogSumExp q, int padded, ref KlSums sums);
}

/// <remarks>
/// KL(p‖q) as Σ p (δ − 1 + e^−δ), δ = log p − log q. The added terms sum to zero, every summand is at least zero, and an error in a
/// log-sum-exp enters only by its square: also a divergence of 1e-10 nats comes out positive and right.
/// </remarks>
internal sealed unsafe partial class Kernels<TS, TV>
{
    public override void AddDivergences(float* logitsP, in LogSumExp p, float* logitsQ, in LogSumExp q, int padded, ref KlSums sums)
    {
        float* lanes = stackalloc float[3 * SimdBlock.Lanes];
        new Span<float>(lanes, 3 * SimdBlock.Lanes).Clear();
        TV scaleP = TS.Broadcast((float)(1 / p.Sum)), scaleQ = TS.Broadcast((float)(1 / q.Sum));
        TV shift = TS.Broadcast((float)(p.Value - q.Value)), lse = TS.Broadcast((float)p.Value);
        for (int i = 0; i < padded; i += SimdBlock.Lanes)
        {
            for (int j = 0; j < SimdBlock.Lanes; j += TS.Width)
            {
                TV x = TS.Load(logitsP + i + j);
                TV y = TS.Load(logitsQ + i + j);
                TV probabilityP = TS.Mul(scaleP, VectorMath.Exp<TS, TV>(TS.Sub(x, TS.Broadcast(p.Max))));
                TV probabilityQ = TS.Mul(scaleQ, VectorMath.Exp<TS, TV>(TS.Sub(y, TS.Broadcast(q.Max))));
                TV difference = TS.Sub(TS.Sub(x, y), shift);
                Accumulate(lanes + j, DivergenceTerm(probabilityP, probabilityQ, difference));
                Accumulate(lanes + 16 + j, DivergenceTerm(probabilityQ, probabilityP, TS.Sub(TS.Broadcast(0), difference)));
                Accumulate(lanes + 32 + j, TS.Mul(probabilityP, TS.Sub(lse, x)));
            }
        }

        for (int j = 0; j < SimdBlock.Lanes; j++)
        {
            sums.PToQ += lanes[j];
            sums.QToP += lanes[16 + j];
            sums.Entropy += lanes[32 + j];
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Accumulate(float* sum, TV value) => TS.Store(sum, TS.Add(TS.Load(sum), value));

    /// <summary>p (d − 1 + e^−d) where q = p e^−d: by its series for |d| below ½, where terms would cancel; relative error 2e-6.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TV DivergenceTerm(TV p, TV q, TV d)
    {
        TV series = TS.Fma(d, TS.Broadcast(1f / 40320), TS.Broadcast(-1f / 5040));
        series = TS.Fma(d, series, TS.Broadcast(1f / 720));
        series = TS.Fma(d, series, TS.Broadcast(-1f / 120));
        series = TS.Fma(d, series, TS.Broadcast(1f / 24));
        series = TS.Fma(d, series, TS.Broadcast(-1f / 6));
        series = TS.Fma(d, series, TS.Broadcast(0.5f));
        TV near = TS.Mul(p, TS.Mul(TS.Mul(d, d), series));
        TV far = TS.Add(TS.Fma(p, d, TS.Sub(TS.Broadcast(0), p)), q);
        return TS.IfLess(TS.Abs(d), TS.Broadcast(0.5f), near, far);
    }
}
