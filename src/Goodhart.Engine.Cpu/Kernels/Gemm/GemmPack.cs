using System.Runtime.CompilerServices;

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

    public override void PackPanelTransposed(float* source, nint stride, int depth, GemmPanels panels, int panel, float* packed)
    {
        int width = panels.Width(panel);
        int start = panels.Start(panel);
        float* target = packed + ((nint)start * depth);
        for (int j = 0; j < width; j += TS.Width)
        {
            int columns = Math.Clamp(panels.Columns - start - j, 0, TS.Width);
            PackTransposed(source + ((start + j) * stride), stride, columns, depth, target + j, width);
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

    /// <summary>Rows of length depth to depth rows of a vector, with zeros for missing ones.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void PackTransposed(float* source, nint stride, int count, int depth, float* target, int width)
    {
        nint* rows = stackalloc nint[TS.Width];
        for (int i = 0; i < TS.Width; i++)
        {
            rows[i] = Math.Min(i, Math.Max(0, count - 1)) * stride;
        }

        TV one = TS.Broadcast(1);
        int p = 0;
        for (; p + 4 <= depth && count > 0; p += 4)
        {
            TS.TurnFour(source + p, rows, one, target + ((nint)p * width), width);
        }

        for (int at = count == TS.Width ? p : 0; at < depth; at++)
        {
            float* row = target + ((nint)at * width);
            for (int i = at < p ? count : 0; i < TS.Width; i++)
            {
                row[i] = i < count ? source[rows[i] + at] : 0;
            }
        }
    }
}
