namespace Goodhart.Engine.Cpu;

/// <summary>Root-mean-square norm: layer norm without mean and bias.</summary>
internal sealed unsafe partial class CpuOps
{
    public void RmsNorm(Mat x, Mat gain, double eps, Mat y, Mat stats)
    {
        RequireSame(x, y, nameof(RmsNorm));
        RequireVector(gain, x.Cols, nameof(RmsNorm));
        RequireInverses(x, stats, nameof(RmsNorm));
        float* source = F(x);
        float* target = F(y);
        float* saved = F(stats);
        float* scale = F(gain);
        RunRows(x.Rows, 2 * x.Cols, (start, count) =>
        {
            for (int row = start; row < start + count; row++)
            {
                kernels.RmsNormRow(
                    source + ((long)row * x.Ld), scale, eps, target + ((long)row * y.Ld), saved + ((long)row * stats.Ld), x.Cols);
            }
        });
    }

    public void RmsNormGrad(Mat dy, Mat x, Mat gain, Mat stats, Mat dx, bool accumulate, Mat dGain)
    {
        RequireSame(x, dy, nameof(RmsNormGrad));
        RequireSame(x, dx, nameof(RmsNormGrad));
        RequireVector(gain, x.Cols, nameof(RmsNormGrad));
        RequireInverses(x, stats, nameof(RmsNormGrad));
        float* upstream = F(dy);
        float* source = F(x);
        float* saved = F(stats);
        float* scale = F(gain);
        float* target = F(dx);

        // First the column sums: dx may be dy.
        if (!dGain.IsEmpty)
        {
            RequireVector(dGain, x.Cols, nameof(RmsNormGrad));
            float* gainSum = F(dGain);
            RunColumns(x.Rows, x.Cols, (start, count) => kernels.RmsNormColumns(
                upstream + start, dy.Ld, source + start, x.Ld, saved, stats.Ld, x.Rows, gainSum + start, count));
        }

        RunRows(x.Rows, 2 * x.Cols, (start, count) =>
        {
            for (int row = start; row < start + count; row++)
            {
                kernels.RmsNormGradRow(
                    upstream + ((long)row * dy.Ld),
                    source + ((long)row * x.Ld),
                    scale,
                    saved[(long)row * stats.Ld],
                    target + ((long)row * dx.Ld),
                    x.Cols,
                    accumulate);
            }
        });
    }

    private static void RequireInverses(Mat x, Mat stats, string operation) =>
        ShapeException.Require(
            stats.Rows == x.Rows && stats.Cols == 1 && stats.Type == DType.F32,
            operation,
            FormattableString.Invariant($"stats [{x.Rows}, 1] F32"),
            stats);
}

internal abstract unsafe partial class Kernels
{
    public abstract void RmsNormRow(float* x, float* gain, double eps, float* y, float* inverse, int count);

    public abstract void RmsNormGradRow(float* dy, float* x, float* gain, float inverse, float* dx, int count, bool accumulate);

    /// <summary>dGain of some columns: each element's sum runs through the rows in order, from its present value.</summary>
    public abstract void RmsNormColumns(
        float* dy, int ldDy, float* x, int ldX, float* inverses, int ldInverses, int rows, float* dGain, int count);
}

internal sealed unsafe partial class Kernels<TS, TV>
{
    public override void RmsNormRow(float* x, float* gain, double eps, float* y, float* inverse, int count)
    {
        double square = (double)SumRow<Product>(x, x, 0, count) / count;
        float scale = (float)(1 / Math.Sqrt(square + eps));
        *inverse = scale;
        TV r = TS.Broadcast(scale);
        for (int i = 0; i < count; i += TS.Width)
        {
            int left = Math.Min(TS.Width, count - i);
            StoreUpTo(y + i, TS.Mul(TS.Mul(LoadUpTo(x + i, left), r), LoadUpTo(gain + i, left)), left);
        }
    }

    public override void RmsNormGradRow(float* dy, float* x, float* gain, float inverse, float* dx, int count, bool accumulate)
    {
        float product = 0;
        for (int start = 0; start < count; start += 256)
        {
            product += SumRow<CenteredProduct>(dy + start, x + start, gain + start, 0, Math.Min(256, count - start));
        }

        TV r = TS.Broadcast(inverse);
        TV slope = TS.Broadcast((float)((double)product * inverse / count));
        for (int i = 0; i < count; i += TS.Width)
        {
            int left = Math.Min(TS.Width, count - i);
            TV normal = TS.Mul(LoadUpTo(x + i, left), r);
            TV d = TS.Mul(r, TS.Fnma(normal, slope, TS.Mul(LoadUpTo(dy + i, left), LoadUpTo(gain + i, left))));
            StoreUpTo(dx + i, accumulate ? TS.Add(LoadUpTo(dx + i, left), d) : d, left);
        }
    }

    public override void RmsNormColumns(
        float* dy, int ldDy, float* x, int ldX, float* inverses, int ldInverses, int rows, float* dGain, int count)
    {
        for (int i = 0; i < count; i += TS.Width)
        {
            int left = Math.Min(TS.Width, count - i);
            TV gain = TS.LoadPart(dGain + i, left);
            for (int row = 0; row < rows; row++)
            {
                TV normal = TS.Mul(
                    TS.LoadPart(x + ((long)row * ldX) + i, left), TS.Broadcast(inverses[(long)row * ldInverses]));
                gain = TS.Fma(TS.LoadPart(dy + ((long)row * ldDy) + i, left), normal, gain);
            }

            TS.StorePart(dGain + i, gain, left);
        }
    }

    private static void StoreUpTo(float* target, TV value, int left)
    {
        if (left >= TS.Width)
        {
            TS.Store(target, value);
        }
        else
        {
            TS.StorePart(target, value, left);
        }
    }
}
