using System.Runtime.CompilerServices;

namespace Goodhart.Engine.Cpu;

/// <content>Micro-kernel for 16 vector registers: 12 sums, two columns and one broadcast.</content>
internal sealed unsafe partial class Kernels<TS, TV>
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile6x2(int depth, float* a, nint ra, nint ca, float* b, in TileOutput output)
    {
        TV c00 = default, c01 = default;
        TV c10 = default, c11 = default;
        TV c20 = default, c21 = default;
        TV c30 = default, c31 = default;
        TV c40 = default, c41 = default;
        TV c50 = default, c51 = default;
        if (output.Accumulate)
        {
            float* row = output.C;
            c00 = TS.Load(row);
            c01 = TS.Load(row + TS.Width);
            row += output.Stride;
            c10 = TS.Load(row);
            c11 = TS.Load(row + TS.Width);
            row += output.Stride;
            c20 = TS.Load(row);
            c21 = TS.Load(row + TS.Width);
            row += output.Stride;
            c30 = TS.Load(row);
            c31 = TS.Load(row + TS.Width);
            row += output.Stride;
            c40 = TS.Load(row);
            c41 = TS.Load(row + TS.Width);
            row += output.Stride;
            c50 = TS.Load(row);
            c51 = TS.Load(row + TS.Width);
        }

        nint ra2 = 2 * ra;
        float* a3 = a + (3 * ra);
        float* end = b + ((nint)depth * 2 * TS.Width);
        float* ahead = output.Ahead;
        nint aheadStep = output.AheadStep;
        while (b < end)
        {
            Fetch(ahead);
            ahead += aheadStep;
            TV b0 = TS.Load(b);
            TV b1 = TS.Load(b + TS.Width);
            TV x = TS.Broadcast(a[0]);
            c00 = TS.Fma(x, b0, c00);
            c01 = TS.Fma(x, b1, c01);
            x = TS.Broadcast(a[ra]);
            c10 = TS.Fma(x, b0, c10);
            c11 = TS.Fma(x, b1, c11);
            x = TS.Broadcast(a[ra2]);
            c20 = TS.Fma(x, b0, c20);
            c21 = TS.Fma(x, b1, c21);
            x = TS.Broadcast(a3[0]);
            c30 = TS.Fma(x, b0, c30);
            c31 = TS.Fma(x, b1, c31);
            x = TS.Broadcast(a3[ra]);
            c40 = TS.Fma(x, b0, c40);
            c41 = TS.Fma(x, b1, c41);
            x = TS.Broadcast(a3[ra2]);
            c50 = TS.Fma(x, b0, c50);
            c51 = TS.Fma(x, b1, c51);
            a += ca;
            a3 += ca;
            b += 2 * TS.Width;
        }

        Finish(output, 0, 0, c00);
        Finish(output, 0, 1, c01);
        Finish(output, 1, 0, c10);
        Finish(output, 1, 1, c11);
        Finish(output, 2, 0, c20);
        Finish(output, 2, 1, c21);
        Finish(output, 3, 0, c30);
        Finish(output, 3, 1, c31);
        Finish(output, 4, 0, c40);
        Finish(output, 4, 1, c41);
        Finish(output, 5, 0, c50);
        Finish(output, 5, 1, c51);
    }
}
