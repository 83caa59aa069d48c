using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Goodhart.Engine.Cpu;

/// <content>Packing of right factors, and column sums.</content>
internal sealed unsafe partial class Kernels<TS, TV>
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void PackPanel(float* source, nint stride, int depth, GemmPanels panels, int panel, float* packed)
    {
        int width = panels.Width(panel);
        int start = panels.Start(panel);
        float* target = packed + ((nint)start * depth);
        for (int j = 0; j < width; j += TS.Width)
        {
            int count = Math.Clamp(panels.Columns - start - j, 0, TS.Width);
            float* from = source + start + j;
            float* to = target + j;
            for (int p = 0; p < depth; p++)
            {
                TS.Store(to, count == TS.Width ? TS.Load(from) : TS.LoadPart(from, count));
                from += stride;
                to += width;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void PackPanels(float* source, nint stride, int depth, GemmPanels panels, int panel, int endPanel, float* packed)
    {
        // Row by row, so that the source is read in the order in which it lies.
        int firstColumn = panels.Start(panel);
        int endColumn = Math.Min(panels.Columns, panels.Start(endPanel));
        for (int p = 0; p < depth; p++)
        {
            float* from = source + (p * stride);
            int column = firstColumn;
            for (int at = panel; at < endPanel; at++)
            {
                int width = panels.Width(at);
                float* to = packed + ((nint)panels.Start(at) * depth) + ((nint)p * width);
                for (int j = 0; j < width; j += TS.Width, column += TS.Width)
                {
                    int count = endColumn - column;
                    TS.Store(to + j, count >= TS.Width ? TS.Load(from + column) : TS.LoadPart(from + column, Math.Max(0, count)));
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void PackPanelTransposed(float* source, nint stride, int depth, GemmPanels panels, int panel, float* packed)
    {
        int width = panels.Width(panel);
        int start = panels.Start(panel);
        float* target = packed + ((nint)start * depth);
        for (int j = 0; j < width; j++)
        {
            float* from = source + ((start + j) * stride);
            if (start + j >= panels.Columns)
            {
                for (int p = 0; p < depth; p++)
                {
                    target[((nint)p * width) + j] = 0;
                }
            }
            else if (Sse.IsSupported && j % 4 == 0 && start + j + 4 <= panels.Columns && j + 4 <= width)
            {
                Transpose4(from, stride, depth, target + j, width);
                j += 3;
            }
            else
            {
                for (int p = 0; p < depth; p++)
                {
                    target[((nint)p * width) + j] = from[p];
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void ColumnSums(float* x, nint stride, int rows, int columns, float* sums)
    {
        int w = TS.Width;
        int j = 0;
        for (; j + (4 * w) <= columns; j += 4 * w)
        {
            TV s0 = TS.Load(sums + j), s1 = TS.Load(sums + j + w), s2 = TS.Load(sums + j + (2 * w)), s3 = TS.Load(sums + j + (3 * w));
            float* row = x + j;
            for (int i = 0; i < rows; i++)
            {
                s0 = TS.Add(s0, TS.Load(row));
                s1 = TS.Add(s1, TS.Load(row + w));
                s2 = TS.Add(s2, TS.Load(row + (2 * w)));
                s3 = TS.Add(s3, TS.Load(row + (3 * w)));
                row += stride;
            }

            TS.Store(sums + j, s0);
            TS.Store(sums + j + w, s1);
            TS.Store(sums + j + (2 * w), s2);
            TS.Store(sums + j + (3 * w), s3);
        }

        for (; j < columns; j += w)
        {
            int count = Math.Min(w, columns - j);
            TV sum = TS.LoadPart(sums + j, count);
            for (int i = 0; i < rows; i++)
            {
                sum = TS.Add(sum, TS.LoadPart(x + (i * stride) + j, count));
            }

            TS.StorePart(sums + j, sum, count);
        }
    }

    /// <summary>Four rows of length depth to depth rows of four.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Transpose4(float* source, nint stride, int depth, float* target, nint targetStride)
    {
        float* r0 = source;
        float* r1 = source + stride;
        float* r2 = source + (2 * stride);
        float* r3 = source + (3 * stride);
        int p = 0;
        for (; p + 4 <= depth; p += 4)
        {
            Vector128<float> low01 = Sse.UnpackLow(Vector128.Load(r0 + p), Vector128.Load(r1 + p));
            Vector128<float> high01 = Sse.UnpackHigh(Vector128.Load(r0 + p), Vector128.Load(r1 + p));
            Vector128<float> low23 = Sse.UnpackLow(Vector128.Load(r2 + p), Vector128.Load(r3 + p));
            Vector128<float> high23 = Sse.UnpackHigh(Vector128.Load(r2 + p), Vector128.Load(r3 + p));
            Sse.MoveLowToHigh(low01, low23).Store(target);
            Sse.MoveHighToLow(low23, low01).Store(target + targetStride);
            Sse.MoveLowToHigh(high01, high23).Store(target + (2 * targetStride));
            Sse.MoveHighToLow(high23, high01).Store(target + (3 * targetStride));
            target += 4 * targetStride;
        }

        for (; p < depth; p++)
        {
            target[0] = r0[p];
            target[1] = r1[p];
            target[2] = r2[p];
            target[3] = r3[p];
            target += targetStride;
        }
    }
}
