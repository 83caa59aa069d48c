using System.Runtime.CompilerServices;

namespace Goodhart.Engine.Cpu;

/// <summary>Sums along a row: sixteen running sums (lane = column mod 16), folded in halves, whatever the vector width.</summary>
internal sealed unsafe partial class Kernels<TS, TV>
{
    private interface IRowTerm
    {
        /// <summary>The terms of the sum at columns i ..; count is the number of columns left (beyond them terms must be 0).</summary>
        static abstract TV At(float* x, float* y, float* z, float constant, int i, int count);
    }

    /// <summary>Σ term(x_i, y_i, constant).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float SumRow<TTerm>(float* x, float* y, float constant, int count)
        where TTerm : struct, IRowTerm => SumRow<TTerm>(x, y, x, constant, count);

    /// <summary>Σ term(x_i, y_i, z_i, constant).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float SumRow<TTerm>(float* x, float* y, float* z, float constant, int count)
        where TTerm : struct, IRowTerm
    {
        if (TS.Width == SimdBlock.Lanes)
        {
            TV sum = TS.Broadcast(0);
            int i = 0;
            for (; i + TS.Width <= count; i += TS.Width)
            {
                sum = TS.Add(sum, TTerm.At(x, y, z, constant, i, TS.Width));
            }

            if (i < count)
            {
                sum = TS.Add(sum, TTerm.At(x, y, z, constant, i, count - i));
            }

            return TS.SumLanes(sum);
        }

        return SumRowInParts<TTerm>(x, y, z, constant, count);
    }

    private static float SumRowInParts<TTerm>(float* x, float* y, float* z, float constant, int count)
        where TTerm : struct, IRowTerm
    {
        float* lanes = stackalloc float[SimdBlock.Lanes];
        for (int lane = 0; lane < SimdBlock.Lanes; lane += TS.Width)
        {
            TV sum = TS.Broadcast(0);
            for (int i = lane; i < count; i += SimdBlock.Lanes)
            {
                sum = TS.Add(sum, TTerm.At(x, y, z, constant, i, Math.Min(TS.Width, count - i)));
            }

            TS.Store(lanes + lane, sum);
        }

        for (int half = SimdBlock.Lanes / 2; half > 0; half /= 2)
        {
            for (int lane = 0; lane < half; lane++)
            {
                lanes[lane] += lanes[lane + half];
            }
        }

        return lanes[0];
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TV LoadUpTo(float* source, int count) => count >= TS.Width ? TS.Load(source) : TS.LoadPart(source, count);

    private readonly struct Plain : IRowTerm
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TV At(float* x, float* y, float* z, float constant, int i, int count) => LoadUpTo(x + i, count);
    }

    private readonly struct Product : IRowTerm
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TV At(float* x, float* y, float* z, float constant, int i, int count) =>
            TS.Mul(LoadUpTo(x + i, count), LoadUpTo(y + i, count));
    }

    /// <summary>x·(z·(y − constant)).</summary>
    private readonly struct CenteredProduct : IRowTerm
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TV At(float* x, float* y, float* z, float constant, int i, int count)
        {
            TV centered = TS.Sub(LoadUpTo(y + i, count), TS.Broadcast(constant));
            return TS.Mul(LoadUpTo(x + i, count), TS.Mul(LoadUpTo(z + i, count), centered));
        }
    }

    private readonly struct SquaredDistance : IRowTerm
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TV At(float* x, float* y, float* z, float constant, int i, int count)
        {
            TV center = TS.Broadcast(constant);
            TV d = TS.Sub(TS.FirstOr(LoadUpTo(x + i, count), count, center), center);
            return TS.Mul(d, d);
        }
    }
}
