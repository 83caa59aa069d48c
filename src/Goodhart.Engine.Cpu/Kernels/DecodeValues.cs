using System.Runtime.CompilerServices;

namespace Goodhart.Engine.Cpu;

/// <content>Σ p_i v_i over rows of the cache. The four parts of a sum (i mod 4 within a range) stand in memory between ranges:
/// sums[m, j], m = 0 .. 3.</content>
internal sealed unsafe partial class Kernels<TS, TV>
{
    /// <summary>sums += p_i v_i over the rows of one range.</summary>
    /// <param name="width">Floats from one part of the sums to the next: whole blocks.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddValues(float* values, int headDim, int length, float* p, float* sums, int width)
    {
        int j = 0;
        for (; j + (2 * TS.Width) <= headDim; j += 2 * TS.Width)
        {
            AddTwoVectors(values + j, headDim, length, p, sums + j, width);
        }

        for (; j < headDim; j += TS.Width)
        {
            int count = Math.Min(TS.Width, headDim - j);
            float* s = sums + j;
            TV s0 = TS.Load(s), s1 = TS.Load(s + width), s2 = TS.Load(s + (2 * width)), s3 = TS.Load(s + (3 * width));
            float* v = values + j;
            int i = 0;
            for (; i + 4 <= length; i += 4)
            {
                s0 = TS.Fma(TS.Broadcast(p[i]), TS.LoadPart(v, count), s0);
                s1 = TS.Fma(TS.Broadcast(p[i + 1]), TS.LoadPart(v + headDim, count), s1);
                s2 = TS.Fma(TS.Broadcast(p[i + 2]), TS.LoadPart(v + (2 * headDim), count), s2);
                s3 = TS.Fma(TS.Broadcast(p[i + 3]), TS.LoadPart(v + (3 * headDim), count), s3);
                v += 4 * headDim;
            }

            for (; i < length; i++)
            {
                s0 = TS.Fma(TS.Broadcast(p[i]), TS.LoadPart(v, count), s0);
                v += headDim;
            }

            TS.Store(s, s0);
            TS.Store(s + width, s1);
            TS.Store(s + (2 * width), s2);
            TS.Store(s + (3 * width), s3);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddTwoVectors(float* v, nint stride, int length, float* p, float* s, int width)
    {
        float* t = s + TS.Width;
        TV s0 = TS.Load(s), s1 = TS.Load(s + width), s2 = TS.Load(s + (2 * width)), s3 = TS.Load(s + (3 * width));
        TV t0 = TS.Load(t), t1 = TS.Load(t + width), t2 = TS.Load(t + (2 * width)), t3 = TS.Load(t + (3 * width));
        int i = 0;
        for (; i + 4 <= length; i += 4)
        {
            TV weight = TS.Broadcast(p[i]);
            s0 = TS.Fma(weight, TS.Load(v), s0);
            t0 = TS.Fma(weight, TS.Load(v + TS.Width), t0);
            weight = TS.Broadcast(p[i + 1]);
            s1 = TS.Fma(weight, TS.Load(v + stride), s1);
            t1 = TS.Fma(weight, TS.Load(v + stride + TS.Width), t1);
            weight = TS.Broadcast(p[i + 2]);
            v += 2 * stride;
            s2 = TS.Fma(weight, TS.Load(v), s2);
            t2 = TS.Fma(weight, TS.Load(v + TS.Width), t2);
            weight = TS.Broadcast(p[i + 3]);
            s3 = TS.Fma(weight, TS.Load(v + stride), s3);
            t3 = TS.Fma(weight, TS.Load(v + stride + TS.Width), t3);
            v += 2 * stride;
        }

        for (; i < length; i++)
        {
            TV weight = TS.Broadcast(p[i]);
            s0 = TS.Fma(weight, TS.Load(v), s0);
            t0 = TS.Fma(weight, TS.Load(v + TS.Width), t0);
            v += stride;
        }

        TS.Store(s, s0);
        TS.Store(s + width, s1);
        TS.Store(s + (2 * width), s2);
        TS.Store(s + (3 * width), s3);
        TS.Store(t, t0);
        TS.Store(t + width, t1);
        TS.Store(t + (2 * width), t2);
        TS.Store(t + (3 * width), t3);
    }

    /// <summary>The same of two queries at once: the second one's sums stand behind the first one's.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddValues(float* values, int headDim, int length, float* p, float* q, float* sums, int width)
    {
        for (int j = 0; j < headDim; j += TS.Width)
        {
            int count = Math.Min(TS.Width, headDim - j);
            float* s = sums + j;
            float* t = s + (4 * width);
            TV s0 = TS.Load(s), s1 = TS.Load(s + width), s2 = TS.Load(s + (2 * width)), s3 = TS.Load(s + (3 * width));
            TV t0 = TS.Load(t), t1 = TS.Load(t + width), t2 = TS.Load(t + (2 * width)), t3 = TS.Load(t + (3 * width));
            float* v = values + j;
            int i = 0;
            for (; i + 4 <= length; i += 4)
            {
                TV value = TS.LoadPart(v, count);
                s0 = TS.Fma(TS.Broadcast(p[i]), value, s0);
                t0 = TS.Fma(TS.Broadcast(q[i]), value, t0);
                value = TS.LoadPart(v + headDim, count);
                s1 = TS.Fma(TS.Broadcast(p[i + 1]), value, s1);
                t1 = TS.Fma(TS.Broadcast(q[i + 1]), value, t1);
                value = TS.LoadPart(v + (2 * headDim), count);
                s2 = TS.Fma(TS.Broadcast(p[i + 2]), value, s2);
                t2 = TS.Fma(TS.Broadcast(q[i + 2]), value, t2);
                value = TS.LoadPart(v + (3 * headDim), count);
                s3 = TS.Fma(TS.Broadcast(p[i + 3]), value, s3);
                t3 = TS.Fma(TS.Broadcast(q[i + 3]), value, t3);
                v += 4 * headDim;
            }

            for (; i < length; i++)
            {
                TV value = TS.LoadPart(v, count);
                s0 = TS.Fma(TS.Broadcast(p[i]), value, s0);
                t0 = TS.Fma(TS.Broadcast(q[i]), value, t0);
                v += headDim;
            }

            TS.Store(s, s0);
            TS.Store(s + width, s1);
            TS.Store(s + (2 * width), s2);
            TS.Store(s + (3 * width), s3);
            TS.Store(t, t0);
            TS.Store(t + width, t1);
            TS.Store(t + (2 * width), t2);
            TS.Store(t + (3 * width), t3);
        }
    }

    /// <summary>y = scale · (the four parts together).</summary>
    private static void FinishValues(float* sums, int width, int headDim, float scale, float* y)
    {
        for (int j = 0; j < headDim; j += TS.Width)
        {
            float* s = sums + j;
            TV front = TS.Add(TS.Load(s), TS.Load(s + width));
            TV back = TS.Add(TS.Load(s + (2 * width)), TS.Load(s + (3 * width)));
            TV value = TS.Mul(TS.Add(front, back), TS.Broadcast(scale));
            TS.StorePart(y + j, value, Math.Min(TS.Width, headDim - j));
        }
    }
}
