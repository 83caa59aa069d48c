namespace Goodhart.Engine.Cpu;

/// <summary>silu(gate) · up. With s = σ(gate): d silu = s (1 + gate (1 − s)).</summary>
internal sealed unsafe partial class CpuOps
{
    public void SwiGlu(Mat gate, Mat up, Mat y)
    {
        RequireSame(gate, up, nameof(SwiGlu));
        RequireSame(gate, y, nameof(SwiGlu));
        float* g = F(gate);
        float* u = F(up);
        float* target = F(y);
        RunRows(gate.Rows, 4 * gate.Cols, (start, count) =>
        {
            for (int row = start; row < start + count; row++)
            {
                kernels.SwiGlu(g + ((long)row * gate.Ld), u + ((long)row * up.Ld), target + ((long)row * y.Ld), gate.Cols);
            }
        });
    }

    public void SwiGluGrad(Mat gate, Mat up, Mat dy, Mat dGate, Mat dUp)
    {
        foreach (Mat mat in (ReadOnlySpan<Mat>)[up, dy, dGate, dUp])
        {
            RequireSame(gate, mat, nameof(SwiGluGrad));
        }

        float* g = F(gate);
        float* u = F(up);
        float* upstream = F(dy);
        float* dg = F(dGate);
        float* du = F(dUp);
        RunRows(gate.Rows, 6 * gate.Cols, (start, count) =>
        {
            for (int row = start; row < start + count; row++)
            {
                kernels.SwiGluGrad(
                    g + ((long)row * gate.Ld), u + ((long)row * up.Ld), upstream + ((long)row * dy.Ld),
                    dg + ((long)row * dGate.Ld), du + ((long)row * dUp.Ld), gate.Cols);
            }
        });
    }
}

internal abstract unsafe partial class Kernels
{
    public abstract void SwiGlu(float* gate, float* up, float* y, int count);

    public abstract void SwiGluGrad(float* gate, float* up, float* dy, float* dGate, float* dUp, int count);
}

internal sealed unsafe partial class Kernels<TS, TV>
{
    public override void SwiGlu(float* gate, float* up, float* y, int count)
    {
        for (int i = 0; i < count; i += TS.Width)
        {
            int left = Math.Min(TS.Width, count - i);
            TV g = LoadUpTo(gate + i, left);
            StoreUpTo(y + i, TS.Mul(TS.Mul(g, VectorMath.Sigmoid<TS, TV>(g)), LoadUpTo(up + i, left)), left);
        }
    }

    public override void SwiGluGrad(float* gate, float* up, float* dy, float* dGate, float* dUp, int count)
    {
        TV one = TS.Broadcast(1f);
        for (int i = 0; i < count; i += TS.Width)
        {
            int left = Math.Min(TS.Width, count - i);
            TV g = LoadUpTo(gate + i, left);
            TV upstream = LoadUpTo(dy + i, left);
            TV s = VectorMath.Sigmoid<TS, TV>(g);
            TV slope = TS.Mul(s, TS.Fma(g, TS.Sub(one, s), one));
            TV toGate = TS.Mul(TS.Mul(upstream, LoadUpTo(up + i, left)), slope);
            StoreUpTo(dUp + i, TS.Mul(upstream, TS.Mul(g, s)), left);
            StoreUpTo(dGate + i, toGate, left);
        }
    }
}
