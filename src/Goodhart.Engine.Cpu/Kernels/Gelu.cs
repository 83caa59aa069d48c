namespace Goodhart.Engine.Cpu;

/// <summary>gelu(x) = x Φ(x), gelu′ = Φ + x φ; the tanh form is x σ(2u), u = √(2/π)(x + 0.044715 x³). Both without cancellation.</summary>
internal sealed unsafe partial class CpuOps
{
    public void Gelu(Mat x, GeluForm form, Mat y)
    {
        RequireSame(x, y, nameof(Gelu));
        float* source = F(x);
        float* target = F(y);
        RunRows(x.Rows, 4 * x.Cols, (start, count) =>
        {
            for (int row = start; row < start + count; row++)
            {
                kernels.Gelu(source + ((long)row * x.Ld), target + ((long)row * y.Ld), x.Cols, form);
            }
        });
    }

    public void GeluGrad(Mat x, GeluForm form, Mat dy, Mat dx)
    {
        RequireSame(x, dy, nameof(GeluGrad));
        RequireSame(x, dx, nameof(GeluGrad));
        float* source = F(x);
        float* upstream = F(dy);
        float* target = F(dx);
        RunRows(x.Rows, 4 * x.Cols, (start, count) =>
        {
            for (int row = start; row < start + count; row++)
            {
                kernels.GeluGrad(
                    source + ((long)row * x.Ld), upstream + ((long)row * dy.Ld), target + ((long)row * dx.Ld), x.Cols, form);
            }
        });
    }
}

internal abstract unsafe partial class Kernels
{
    public abstract void Gelu(float* x, float* y, int count, GeluForm form);

    public abstract void GeluGrad(float* x, float* dy, float* dx, int count, GeluForm form);
}

internal sealed unsafe partial class Kernels<TS, TV>
{
    // √(8/π): the argument of σ is 2u.
    private const float TwoRootTwoOverPi = 1.5957691216f;
    private const float Cubic = 0.044715f;

    public override void Gelu(float* x, float* y, int count, GeluForm form)
    {
        int i = 0;
        for (; i + TS.Width <= count; i += TS.Width)
        {
            TV v = TS.Load(x + i);
            TS.Store(y + i, form == GeluForm.Erf ? GeluErf(v) : GeluTanh(v));
        }

        if (i < count)
        {
            TV v = TS.LoadPart(x + i, count - i);
            TS.StorePart(y + i, form == GeluForm.Erf ? GeluErf(v) : GeluTanh(v), count - i);
        }
    }

    public override void GeluGrad(float* x, float* dy, float* dx, int count, GeluForm form)
    {
        int i = 0;
        for (; i + TS.Width <= count; i += TS.Width)
        {
            TV v = TS.Load(x + i);
            TS.Store(dx + i, TS.Mul(TS.Load(dy + i), form == GeluForm.Erf ? GeluErfSlope(v) : GeluTanhSlope(v)));
        }

        if (i < count)
        {
            TV v = TS.LoadPart(x + i, count - i);
            TV slope = form == GeluForm.Erf ? GeluErfSlope(v) : GeluTanhSlope(v);
            TS.StorePart(dx + i, TS.Mul(TS.LoadPart(dy + i, count - i), slope), count - i);
        }
    }

    private static TV GeluErf(TV x) => TS.Mul(x, VectorMath.NormalCdf<TS, TV>(x, out _));

    private static TV GeluErfSlope(TV x)
    {
        TV cdf = VectorMath.NormalCdf<TS, TV>(x, out TV density);
        return TS.Fma(x, density, cdf);
    }

    private static TV GeluTanh(TV x)
    {
        TV inner = TS.Fma(TS.Mul(TS.Broadcast(Cubic), TS.Mul(x, x)), x, x);
        return TS.Mul(x, VectorMath.Sigmoid<TS, TV>(TS.Mul(inner, TS.Broadcast(TwoRootTwoOverPi))));
    }

    private static TV GeluTanhSlope(TV x)
    {
        TV one = TS.Broadcast(1f);
        TV cubic = TS.Mul(TS.Broadcast(Cubic), TS.Mul(x, x));
        TV argument = TS.Mul(TS.Fma(cubic, x, x), TS.Broadcast(-TwoRootTwoOverPi));

        // 1 − σ = e^−2u σ; capped so that 0 · ∞ cannot arise.
        TV e = VectorMath.Exp<TS, TV>(TS.Min(TS.Broadcast(80f), argument));
        TV sigmoid = TS.Div(one, TS.Add(one, e));
        TV slope = TS.Mul(TS.Fma(TS.Broadcast(3f), cubic, one), TS.Broadcast(TwoRootTwoOverPi));
        return TS.Fma(TS.Mul(x, TS.Mul(sigmoid, TS.Mul(e, sigmoid))), slope, sigmoid);
    }
}
