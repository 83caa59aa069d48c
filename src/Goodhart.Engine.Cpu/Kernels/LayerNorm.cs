namespace Goodhart.Engine.Cpu;

/// <summary>Layer norm: mean, then the squared distances from it (two passes: no cancellation), then the affine map.</summary>
internal sealed unsafe partial class CpuOps
{
    public void LayerNorm(Mat x, Mat gain, Mat bias, double eps, Mat y, Mat stats)
    {
        RequireSame(x, y, nameof(LayerNorm));
        RequireVector(gain, x.Cols, nameof(LayerNorm));
        RequireVector(bias, x.Cols, nameof(LayerNorm));
        RequireStats(x, stats, nameof(LayerNorm));
        float* source = F(x);
        float* target = F(y);
        float* saved = F(stats);
        float* scale = F(gain);
        float* shift = F(bias);
        RunRows(x.Rows, 2 * x.Cols, (start, count) =>
        {
            for (int row = start; row < start + count; row++)
            {
                kernels.LayerNormRow(
                    source + ((long)row * x.Ld), scale, shift, eps, target + ((long)row * y.Ld), saved + ((long)row * stats.Ld), x.Cols);
            }
        });
    }

    public void LayerNormGrad(Mat dy, Mat x, Mat gain, Mat stats, Mat dx, bool accumulate, Mat dGain, Mat dBias)
    {
        RequireSame(x, dy, nameof(LayerNormGrad));
        RequireSame(x, dx, nameof(LayerNormGrad));
        RequireVector(gain, x.Cols, nameof(LayerNormGrad));
        RequireStats(x, stats, nameof(LayerNormGrad));
        float* upstream = F(dy);
        float* source = F(x);
        float* saved = F(stats);
        float* scale = F(gain);
        float* target = F(dx);

        // First the column sums: dx may be dy.
        if (!dGain.IsEmpty || !dBias.IsEmpty)
        {
            RequireVector(dGain, x.Cols, nameof(LayerNormGrad));
            RequireVector(dBias, x.Cols, nameof(LayerNormGrad));
            float* gainSum = F(dGain);
            float* biasSum = F(dBias);
            RunColumns(x.Rows, x.Cols, (start, count) => kernels.LayerNormColumns(
                upstream + start, dy.Ld, source + start, x.Ld, saved, stats.Ld, x.Rows, gainSum + start, biasSum + start, count));
        }

        RunRows(x.Rows, 2 * x.Cols, (start, count) =>
        {
            for (int row = start; row < start + count; row++)
            {
                kernels.LayerNormGradRow(
                    upstream + ((long)row * dy.Ld),
                    source + ((long)row * x.Ld),
                    scale,
                    saved + ((long)row * stats.Ld),
                    target + ((long)row * dx.Ld),
                    x.Cols,
                    accumulate);
            }
        });
    }

    private static void RequireStats(Mat x, Mat stats, string operation) =>
        ShapeException.Require(
            stats.Rows == x.Rows && stats.Cols == 2 && stats.Type == DType.F32,
            operation,
            FormattableString.Invariant($"stats [{x.Rows}, 2] F32"),
            stats);
}

internal abstract unsafe partial class Kernels
{
    public abstract void LayerNormRow(float* x, float* gain, float* bias, double eps, float* y, float* stats, int count);

    public abstract void LayerNormGradRow(float* dy, float* x, float* gain, float* stats, float* dx, int count, bool accumulate);

    /// <summary>dGain and dBias of some columns: each element's sum runs through the rows in order, from its present value.</summary>
    public abstract void LayerNormColumns(
        float* dy, int ldDy, float* x, int ldX, float* stats, int ldStats, int rows, float* dGain, float* dBias, int count);
}

internal sealed unsafe partial class Kernels<TS, TV>
{
    public override void LayerNormRow(float* x, float* gain, float* bias, double eps, float* y, float* stats, int count)
    {
        float mean = (float)((double)SumRow<Plain>(x, x, 0, count) / count);
        double variance = (double)SumRow<SquaredDistance>(x, x, mean, count) / count;
        float inverse = (float)(1 / Math.Sqrt(variance + eps));
        stats[0] = mean;
        stats[1] = inverse;
        TV m = TS.Broadcast(mean);
        TV r = TS.Broadcast(inverse);
        int i = 0;
        for (; i + TS.Width <= count; i += TS.Width)
        {
            TV normal = TS.Mul(TS.Sub(TS.Load(x + i), m), r);
            TS.Store(y + i, TS.Fma(normal, TS.Load(gain + i), TS.Load(bias + i)));
        }

        if (i < count)
        {
            int left = count - i;
            TV normal = TS.Mul(TS.Sub(TS.LoadPart(x + i, left), m), r);
            TS.StorePart(y + i, TS.Fma(normal, TS.LoadPart(gain + i, left), TS.LoadPart(bias + i, left)), left);
        }
    }

    public override void LayerNormGradRow(float* dy, float* x, float* gain, float* stats, float* dx, int count, bool accumulate)
    {
        TV mean = TS.Broadcast(stats[0]);
        TV inverse = TS.Broadcast(stats[1]);
        float sum = SumRow<Product>(dy, gain, 0, count);

        // Σ dy gain (x − mean) = Σ dy gain x̂ / inverse: the terms in this form need no normalised copy of the row.
        float centered = SumCentered(dy, x, gain, stats[0], count);
        TV meanOfGrad = TS.Broadcast((float)((double)sum / count));
        TV slope = TS.Broadcast((float)((double)centered * stats[1] / count));
        for (int i = 0; i < count; i += TS.Width)
        {
            int left = count - i;
            TV normal = TS.Mul(TS.Sub(LoadUpTo(x + i, left), mean), inverse);
            TV g = TS.Sub(TS.Mul(LoadUpTo(dy + i, left), LoadUpTo(gain + i, left)), meanOfGrad);
            TV d = TS.Mul(inverse, TS.Fnma(normal, slope, g));
            if (accumulate)
            {
                d = TS.Add(LoadUpTo(dx + i, left), d);
            }

            if (left >= TS.Width)
            {
                TS.Store(dx + i, d);
            }
            else
            {
                TS.StorePart(dx + i, d, left);
            }
        }
    }

    public override void LayerNormColumns(
        float* dy, int ldDy, float* x, int ldX, float* stats, int ldStats, int rows, float* dGain, float* dBias, int count)
    {
        for (int i = 0; i < count; i += TS.Width)
        {
            int left = Math.Min(TS.Width, count - i);
            TV gain = TS.LoadPart(dGain + i, left);
            TV bias = TS.LoadPart(dBias + i, left);
            for (int row = 0; row < rows; row++)
            {
                float* s = stats + ((long)row * ldStats);
                TV g = TS.LoadPart(dy + ((long)row * ldDy) + i, left);
                TV centered = TS.Sub(TS.LoadPart(x + ((long)row * ldX) + i, left), TS.Broadcast(s[0]));
                gain = TS.Fma(g, TS.Mul(centered, TS.Broadcast(s[1])), gain);
                bias = TS.Add(bias, g);
            }

            TS.StorePart(dGain + i, gain, left);
            TS.StorePart(dBias + i, bias, left);
        }
    }

    /// <summary>Σ dy gain (x − mean), 256 columns at a time.</summary>
    private static float SumCentered(float* dy, float* x, float* gain, float mean, int count)
    {
        float total = 0;
        for (int start = 0; start < count; start += 256)
        {
            total += SumRow<CenteredProduct>(dy + start, x + start, gain + start, mean, Math.Min(256, count - start));
        }

        return total;
    }
}
