using System.Runtime.CompilerServices;

namespace Goodhart.Engine.Cpu;

/// <summary>Small matrix products on scratch memory: the inside of attention. Every sum runs over k in order, one chain each.</summary>
internal sealed unsafe partial class Kernels<TS, TV>
{
    /// <summary>Keys at a time: two tiles where registers are few.</summary>
    private const int KeyRows = 8;

    /// <summary>
    /// C [m, n] (+)= A [m, k] B [k, n]; n in whole blocks of lanes. Element (i, k) of A is a[i·rowStride + k·stepStride], so A may be
    /// read transposed. C must have room for m rounded up to four rows: what is there beyond row m becomes undefined.
    /// </summary>
    private static void Multiply(
        float* a, nint rowStride, nint stepStride, int m, float* b, nint ldB, float* c, nint ldC, int n, int k, bool accumulate)
    {
        int i = 0;
        if (TS.Width == SimdBlock.Lanes)
        {
            for (; i + 8 <= m; i += 8)
            {
                int j = 0;
                for (; j + (2 * TS.Width) <= n; j += 2 * TS.Width)
                {
                    SmallTile8x2(a + (i * rowStride), rowStride, stepStride, b + j, ldB, c + (i * ldC) + j, ldC, k, accumulate);
                }

                if (j < n)
                {
                    SmallTile8x1(a + (i * rowStride), rowStride, stepStride, b + j, ldB, c + (i * ldC) + j, ldC, k, accumulate);
                }
            }
        }

        for (; i < m; i += 4)
        {
            float* a0 = a + (i * rowStride);
            float* a1 = i + 1 < m ? a0 + rowStride : a0;
            float* a2 = i + 2 < m ? a1 + rowStride : a0;
            float* a3 = i + 3 < m ? a2 + rowStride : a0;
            int j = 0;
            for (; j + (2 * TS.Width) <= n; j += 2 * TS.Width)
            {
                Tile4x2(a0, a1, a2, a3, stepStride, b + j, ldB, c + (i * ldC) + j, ldC, k, accumulate);
            }

            if (j < n)
            {
                Tile4x1(a0, a1, a2, a3, stepStride, b + j, ldB, c + (i * ldC) + j, ldC, k, accumulate);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Tile4x2(
        float* a0, float* a1, float* a2, float* a3, nint step, float* b, nint ldB, float* c, nint ldC, int k, bool accumulate)
    {
        float* d = c + TS.Width;
        TV c00 = TS.Broadcast(0), c01 = c00, c10 = c00, c11 = c00, c20 = c00, c21 = c00, c30 = c00, c31 = c00;
        if (accumulate)
        {
            (c00, c01) = (TS.Load(c), TS.Load(d));
            (c10, c11) = (TS.Load(c + ldC), TS.Load(d + ldC));
            (c20, c21) = (TS.Load(c + (2 * ldC)), TS.Load(d + (2 * ldC)));
            (c30, c31) = (TS.Load(c + (3 * ldC)), TS.Load(d + (3 * ldC)));
        }

        nint at = 0;
        for (int p = 0; p < k; p++)
        {
            TV b0 = TS.Load(b);
            TV b1 = TS.Load(b + TS.Width);
            TV x = TS.Broadcast(a0[at]);
            c00 = TS.Fma(x, b0, c00);
            c01 = TS.Fma(x, b1, c01);
            x = TS.Broadcast(a1[at]);
            c10 = TS.Fma(x, b0, c10);
            c11 = TS.Fma(x, b1, c11);
            x = TS.Broadcast(a2[at]);
            c20 = TS.Fma(x, b0, c20);
            c21 = TS.Fma(x, b1, c21);
            x = TS.Broadcast(a3[at]);
            c30 = TS.Fma(x, b0, c30);
            c31 = TS.Fma(x, b1, c31);
            at += step;
            b += ldB;
        }

        TS.Store(c, c00);
        TS.Store(d, c01);
        TS.Store(c + ldC, c10);
        TS.Store(d + ldC, c11);
        TS.Store(c + (2 * ldC), c20);
        TS.Store(d + (2 * ldC), c21);
        TS.Store(c + (3 * ldC), c30);
        TS.Store(d + (3 * ldC), c31);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Tile4x1(
        float* a0, float* a1, float* a2, float* a3, nint step, float* b, nint ldB, float* c, nint ldC, int k, bool accumulate)
    {
        TV c0 = TS.Broadcast(0), c1 = c0, c2 = c0, c3 = c0;
        if (accumulate)
        {
            (c0, c1) = (TS.Load(c), TS.Load(c + ldC));
            (c2, c3) = (TS.Load(c + (2 * ldC)), TS.Load(c + (3 * ldC)));
        }

        nint at = 0;
        for (int p = 0; p < k; p++)
        {
            TV b0 = TS.Load(b);
            c0 = TS.Fma(TS.Broadcast(a0[at]), b0, c0);
            c1 = TS.Fma(TS.Broadcast(a1[at]), b0, c1);
            c2 = TS.Fma(TS.Broadcast(a2[at]), b0, c2);
            c3 = TS.Fma(TS.Broadcast(a3[at]), b0, c3);
            at += step;
            b += ldB;
        }

        TS.Store(c, c0);
        TS.Store(c + ldC, c1);
        TS.Store(c + (2 * ldC), c2);
        TS.Store(c + (3 * ldC), c3);
    }

    /// <summary>
    /// Rows of cols floats, copied to rows padded with zeros to whole blocks; then zero rows up to a whole block of rows.
    /// </summary>
    private static void PackRows(float* source, nint ld, int rows, int cols, float* target, int paddedRows)
    {
        int padded = SimdBlock.Pad(cols);
        for (int row = 0; row < rows; row++)
        {
            for (int j = 0; j < padded; j += TS.Width)
            {
                TS.Store(target + j, LoadUpTo(source + j, Math.Max(0, cols - j)));
            }

            source += ld;
            target += padded;
        }

        new Span<float>(target, (paddedRows - rows) * padded).Clear();
    }

    /// <summary>target[j, row] = scale · source[row, j]; columns up to a whole block repeat the last row (what is read of
    /// them is masked, and so need only be as finite as the rest).</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void PackTransposed(float* source, nint ld, int rows, int cols, float scale, float* target, nint ldTarget)
    {
        TV factor = TS.Broadcast(scale);
        nint* offsets = stackalloc nint[TS.Width];
        for (int first = 0; first < SimdBlock.Pad(rows); first += TS.Width)
        {
            for (int lane = 0; lane < TS.Width; lane++)
            {
                offsets[lane] = Math.Min(first + lane, rows - 1) * ld;
            }

            int j = 0;
            for (; j + 4 <= cols; j += 4)
            {
                TS.TurnFour(source + j, offsets, factor, target + (j * ldTarget) + first, ldTarget);
            }

            for (; j < cols; j++)
            {
                for (int lane = 0; lane < TS.Width; lane++)
                {
                    target[(j * ldTarget) + first + lane] = scale * source[offsets[lane] + j];
                }
            }
        }
    }
}
