using System.Runtime.CompilerServices;

namespace Goodhart.Engine.Cpu;

/// <content>Tiles over rows and panels, and their edges.</content>
internal sealed unsafe partial class Kernels<TS, TV>
{
    public override int TileRows => TS.Width == 16 ? 8 : 6;

    public override GemmPanels PanelsOf(int columns) => new(columns, TS.Width, TS.Width == 16);

    public override void Gemm(in GemmCall call, int firstRow, int endRow, int firstPanel, int endPanel, Scratch scratch)
    {
        int tileRows = TileRows;
        int fullRows = (endRow - firstRow) / tileRows * tileRows;
        float* lastRows = scratch.Floats(ScratchSlot.GemmRows, (long)tileRows * call.Depth);
        float* corner = scratch.Floats(ScratchSlot.GemmTile, tileRows * 3 * TS.Width);
        PackLastRows(call, firstRow + fullRows, endRow, lastRows);
        for (int panel = firstPanel; panel < endPanel; panel++)
        {
            int column = call.Panels.Start(panel);
            bool whole = column + call.Panels.Width(panel) <= call.Panels.Columns;
            float* b = call.Packed + ((nint)column * call.Depth);
            for (int row = firstRow; row < endRow; row += tileRows)
            {
                bool full = row < firstRow + fullRows;
                float* a = full ? call.A + (row * call.RowStride) : lastRows;
                nint ra = full ? call.RowStride : 1;
                nint ca = full ? call.DepthStride : tileRows;
                TileOutput output = OutputAt(call, row, column);
                if (full && whole)
                {
                    Tile(call.Panels.Vectors(panel), call.Depth, a, ra, ca, b, output);
                }
                else
                {
                    int rows = Math.Min(tileRows, endRow - row);
                    int columns = Math.Min(call.Panels.Width(panel), call.Panels.Columns - column);
                    EdgeTile(call.Panels.Vectors(panel), call.Depth, a, ra, ca, b, output, rows, columns, corner);
                }
            }
        }
    }

    private static TileOutput OutputAt(in GemmCall call, int row, int column) => new()
    {
        C = call.C + (row * call.Stride) + column,
        Stride = call.Stride,
        Bias = call.Bias == null ? null : call.Bias + column,
        Addend = call.Addend == null ? null : call.Addend + (row * call.AddendStride) + column,
        AddendStride = call.AddendStride,
        Accumulate = call.Accumulate,
    };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Tile(int vectors, int depth, float* a, nint ra, nint ca, float* b, in TileOutput output)
    {
        if (TS.Width != 16)
        {
            Tile6x2(depth, a, ra, ca, b, output);
        }
        else if (vectors == 3)
        {
            Tile8x3(depth, a, ra, ca, b, output);
        }
        else
        {
            Tile8x2(depth, a, ra, ca, b, output);
        }
    }

    /// <summary>A tile that is not whole: computed in scratch as a whole one, then its part is written.</summary>
    private static void EdgeTile(
        int vectors, int depth, float* a, nint ra, nint ca, float* b, in TileOutput output, int rows, int columns, float* corner)
    {
        int width = vectors * TS.Width;
        if (output.Accumulate)
        {
            for (int i = 0; i < rows; i++)
            {
                CopyPart(output.C + (i * output.Stride), corner + (i * width), columns);
            }
        }

        Tile(vectors, depth, a, ra, ca, b, new TileOutput { C = corner, Stride = width, Accumulate = output.Accumulate });
        for (int i = 0; i < rows; i++)
        {
            float* addend = output.Addend == null ? null : output.Addend + (i * output.AddendStride);
            for (int j = 0; j < columns; j += TS.Width)
            {
                int count = Math.Min(TS.Width, columns - j);
                TV value = TS.Load(corner + (i * width) + j);
                value = output.Bias == null ? value : TS.Add(value, TS.Load(output.Bias + j));
                value = addend == null ? value : TS.Add(value, TS.LoadPart(addend + j, count));
                TS.StorePart(output.C + (i * output.Stride) + j, value, count);
            }
        }
    }

    private static void CopyPart(float* source, float* target, int count)
    {
        for (int j = 0; j < count; j += TS.Width)
        {
            TS.Store(target + j, TS.LoadPart(source + j, Math.Min(TS.Width, count - j)));
        }
    }

    /// <summary>A row of a whole tile: bias, then addend, where there are such.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Finish(in TileOutput output, int row, int vector, TV value)
    {
        int column = vector * TS.Width;
        if (output.Bias != null)
        {
            value = TS.Add(value, TS.Load(output.Bias + column));
        }

        if (output.Addend != null)
        {
            value = TS.Add(value, TS.Load(output.Addend + (row * output.AddendStride) + column));
        }

        TS.Store(output.C + (row * output.Stride) + column, value);
    }

    /// <summary>The rows that fill no tile, by depth, with zeros for the missing ones.</summary>
    private void PackLastRows(in GemmCall call, int firstRow, int endRow, float* packed)
    {
        int tileRows = TileRows;
        for (int i = 0; i < tileRows && firstRow < endRow; i++)
        {
            bool exists = firstRow + i < endRow;
            float* a = call.A + ((firstRow + i) * call.RowStride);
            for (int p = 0; p < call.Depth; p++)
            {
                packed[(p * tileRows) + i] = exists ? a[p * call.DepthStride] : 0;
            }
        }
    }
}
