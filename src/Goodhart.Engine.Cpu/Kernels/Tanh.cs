namespace Goodhart.Engine.Cpu;

/// <summary>tanh, element by element.</summary>
internal sealed unsafe partial class CpuOps
{
    public void Tanh(Mat x, Mat y)
    {
        RequireSame(x, y, nameof(Tanh));
        float* source = F(x);
        float* target = F(y);
        RunRows(x.Rows, 4 * x.Cols, (start, count) =>
        {
            for (int row = start; row < start + count; row++)
            {
                kernels.Tanh(source + ((long)row * x.Ld), target + ((long)row * y.Ld), x.Cols);
            }
        });
    }

    public void TanhGrad(Mat y, Mat dy, Mat dx)
    {
        RequireSame(y, dy, nameof(TanhGrad));
        RequireSame(y, dx, nameof(TanhGrad));
        float* output = F(y);
        float* upstream = F(dy);
        float* target = F(dx);
        RunRows(y.Rows, y.Cols, (start, count) =>
        {
            for (int row = start; row < start + count; row++)
            {
                kernels.TanhGrad(output + ((long)row * y.Ld), upstream + ((long)row * dy.Ld), target + ((long)row * dx.Ld), y.Cols);
            }
        });
    }
}

internal abstract unsafe partial class Kernels
{
    public abstract void Tanh(float* x, float* y, int count);

    public abstract void TanhGrad(float* y, float* dy, float* dx, int count);
}

internal sealed unsafe partial class Kernels<TS, TV>
{
    public override void Tanh(float* x, float* y, int count)
    {
        for (int i = 0; i < count; i += TS.Width)
        {
            int part = Math.Min(TS.Width, count - i);
            TS.StorePart(y + i, VectorMath.Tanh<TS, TV>(TS.LoadPart(x + i, part)), part);
        }
    }

    public override void TanhGrad(float* y, float* dy, float* dx, int count)
    {
        for (int i = 0; i < count; i += TS.Width)
        {
            int part = Math.Min(TS.Width, count - i);
            TV output = TS.LoadPart(y + i, part);
            TS.StorePart(dx + i, TS.Mul(TS.LoadPart(dy + i, part), TS.Fnma(output, output, TS.Broadcast(1f))), part);
        }
    }
}
