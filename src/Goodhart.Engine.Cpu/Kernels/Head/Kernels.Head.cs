namespace Goodhart.Engine.Cpu;

/// <content>Row functions of the head. Rows are padded to whole blocks of 16 with the lowest float; sums run in 16 lanes
/// on every instruction set.</content>
internal abstract unsafe partial class Kernels
{
    public abstract float MaxOf(float* x, int padded);

    /// <summary>Σ exp(x − max).</summary>
    public abstract double SumExp(float* x, float max, int padded);

    /// <summary>y = scale · exp(x − shift); y may be x.</summary>
    public abstract void ScaledExp(float* x, float shift, float scale, float* y, int padded);

    public abstract void Multiply(float* x, float factor, int padded);
}

/// <inheritdoc/>
internal sealed unsafe partial class Kernels<TS, TV>
{
    public override float MaxOf(float* x, int padded)
    {
        TV max = TS.Broadcast(float.NegativeInfinity);
        for (int i = 0; i < padded; i += TS.Width)
        {
            max = TS.Max(TS.Load(x + i), max);
        }

        return TS.MaxLane(max);
    }

    public override double SumExp(float* x, float max, int padded)
    {
        float* lanes = stackalloc float[SimdBlock.Lanes];
        TV shift = TS.Broadcast(max);
        for (int i = 0; i < padded; i += SimdBlock.Lanes)
        {
            for (int j = 0; j < SimdBlock.Lanes; j += TS.Width)
            {
                TS.Store(lanes + j, TS.Add(TS.Load(lanes + j), VectorMath.Exp<TS, TV>(TS.Sub(TS.Load(x + i + j), shift))));
            }
        }

        double sum = 0;
        for (int j = 0; j < SimdBlock.Lanes; j++)
        {
            sum += lanes[j];
        }

        return sum;
    }

    public override void ScaledExp(float* x, float shift, float scale, float* y, int padded)
    {
        for (int i = 0; i < padded; i += TS.Width)
        {
            TV e = VectorMath.Exp<TS, TV>(TS.Sub(TS.Load(x + i), TS.Broadcast(shift)));
            TS.Store(y + i, TS.Mul(TS.Broadcast(scale), e));
        }
    }

    public override void Multiply(float* x, float factor, int padded)
    {
        for (int i = 0; i < padded; i += TS.Width)
        {
            TS.Store(x + i, TS.Mul(TS.Load(x + i), TS.Broadcast(factor)));
        }
    }
}
