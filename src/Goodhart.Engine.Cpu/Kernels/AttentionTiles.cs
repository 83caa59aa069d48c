using System.Runtime.CompilerServices;

namespace Goodhart.Engine.Cpu;

/// <content>Tiles of eight rows for 32 vector registers.</content>
internal sealed unsafe partial class Kernels<TS, TV>
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void SmallTile8x2(
        float* a, nint rowStride, nint step, float* b, nint ldB, float* c, nint ldC, int k, bool accumulate)
    {
        TV c00 = TS.Broadcast(0), c01 = TS.Broadcast(0);
        TV c10 = TS.Broadcast(0), c11 = TS.Broadcast(0);
        TV c20 = TS.Broadcast(0), c21 = TS.Broadcast(0);
        TV c30 = TS.Broadcast(0), c31 = TS.Broadcast(0);
        TV c40 = TS.Broadcast(0), c41 = TS.Broadcast(0);
        TV c50 = TS.Broadcast(0), c51 = TS.Broadcast(0);
        TV c60 = TS.Broadcast(0), c61 = TS.Broadcast(0);
        TV c70 = TS.Broadcast(0), c71 = TS.Broadcast(0);
        float* row = c;
        if (accumulate)
        {
            c00 = TS.Load(row);
            c01 = At(row, 1);
            row += ldC;
            c10 = TS.Load(row);
            c11 = At(row, 1);
            row += ldC;
            c20 = TS.Load(row);
            c21 = At(row, 1);
            row += ldC;
            c30 = TS.Load(row);
            c31 = At(row, 1);
            row += ldC;
            c40 = TS.Load(row);
            c41 = At(row, 1);
            row += ldC;
            c50 = TS.Load(row);
            c51 = At(row, 1);
            row += ldC;
            c60 = TS.Load(row);
            c61 = At(row, 1);
            row += ldC;
            c70 = TS.Load(row);
            c71 = At(row, 1);
            row = c;
        }

        nint two = 2 * rowStride;
        float* a3 = a + (3 * rowStride);
        float* a6 = a + (6 * rowStride);
        for (int p = 0; p < k; p++)
        {
            TV b0 = TS.Load(b);
            TV b1 = At(b, 1);
            TV x = TS.Broadcast(a[0]);
            c00 = TS.Fma(x, b0, c00);
            c01 = TS.Fma(x, b1, c01);
            x = TS.Broadcast(a[rowStride]);
            c10 = TS.Fma(x, b0, c10);
            c11 = TS.Fma(x, b1, c11);
            x = TS.Broadcast(a[two]);
            c20 = TS.Fma(x, b0, c20);
            c21 = TS.Fma(x, b1, c21);
            x = TS.Broadcast(a3[0]);
            c30 = TS.Fma(x, b0, c30);
            c31 = TS.Fma(x, b1, c31);
            x = TS.Broadcast(a3[rowStride]);
            c40 = TS.Fma(x, b0, c40);
            c41 = TS.Fma(x, b1, c41);
            x = TS.Broadcast(a3[two]);
            c50 = TS.Fma(x, b0, c50);
            c51 = TS.Fma(x, b1, c51);
            x = TS.Broadcast(a6[0]);
            c60 = TS.Fma(x, b0, c60);
            c61 = TS.Fma(x, b1, c61);
            x = TS.Broadcast(a6[rowStride]);
            c70 = TS.Fma(x, b0, c70);
            c71 = TS.Fma(x, b1, c71);
            a += step;
            a3 += step;
            a6 += step;
            b += ldB;
        }

        TS.Store(row, c00);
        TS.Store(row + TS.Width, c01);
        row += ldC;
        TS.Store(row, c10);
        TS.Store(row + TS.Width, c11);
        row += ldC;
        TS.Store(row, c20);
        TS.Store(row + TS.Width, c21);
        row += ldC;
        TS.Store(row, c30);
        TS.Store(row + TS.Width, c31);
        row += ldC;
        TS.Store(row, c40);
        TS.Store(row + TS.Width, c41);
        row += ldC;
        TS.Store(row, c50);
        TS.Store(row + TS.Width, c51);
        row += ldC;
        TS.Store(row, c60);
        TS.Store(row + TS.Width, c61);
        row += ldC;
        TS.Store(row, c70);
        TS.Store(row + TS.Width, c71);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void SmallTile8x1(
        float* a, nint rowStride, nint step, float* b, nint ldB, float* c, nint ldC, int k, bool accumulate)
    {
        TV c00 = TS.Broadcast(0);
        TV c10 = TS.Broadcast(0);
        TV c20 = TS.Broadcast(0);
        TV c30 = TS.Broadcast(0);
        TV c40 = TS.Broadcast(0);
        TV c50 = TS.Broadcast(0);
        TV c60 = TS.Broadcast(0);
        TV c70 = TS.Broadcast(0);
        float* row = c;
        if (accumulate)
        {
            c00 = TS.Load(row);
            row += ldC;
            c10 = TS.Load(row);
            row += ldC;
            c20 = TS.Load(row);
            row += ldC;
            c30 = TS.Load(row);
            row += ldC;
            c40 = TS.Load(row);
            row += ldC;
            c50 = TS.Load(row);
            row += ldC;
            c60 = TS.Load(row);
            row += ldC;
            c70 = TS.Load(row);
            row = c;
        }

        nint two = 2 * rowStride;
        float* a3 = a + (3 * rowStride);
        float* a6 = a + (6 * rowStride);
        for (int p = 0; p < k; p++)
        {
            TV b0 = TS.Load(b);
            c00 = TS.Fma(TS.Broadcast(a[0]), b0, c00);
            c10 = TS.Fma(TS.Broadcast(a[rowStride]), b0, c10);
            c20 = TS.Fma(TS.Broadcast(a[two]), b0, c20);
            c30 = TS.Fma(TS.Broadcast(a3[0]), b0, c30);
            c40 = TS.Fma(TS.Broadcast(a3[rowStride]), b0, c40);
            c50 = TS.Fma(TS.Broadcast(a3[two]), b0, c50);
            c60 = TS.Fma(TS.Broadcast(a6[0]), b0, c60);
            c70 = TS.Fma(TS.Broadcast(a6[rowStride]), b0, c70);
            a += step;
            a3 += step;
            a6 += step;
            b += ldB;
        }

        TS.Store(row, c00);
        row += ldC;
        TS.Store(row, c10);
        row += ldC;
        TS.Store(row, c20);
        row += ldC;
        TS.Store(row, c30);
        row += ldC;
        TS.Store(row, c40);
        row += ldC;
        TS.Store(row, c50);
        row += ldC;
        TS.Store(row, c60);
        row += ldC;
        TS.Store(row, c70);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TV At(float* start, int vector) => TS.Load(start + (vector * TS.Width));
}
