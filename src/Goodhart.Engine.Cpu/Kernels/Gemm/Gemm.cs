using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Goodhart.Engine.Cpu;

/// <content>Tiles over rows and panels, and their edges.</content>
internal sealed unsafe partial class Kernels<TS, TV>
{
    private const int ScatteredTiles = 4;

    public override int TileRows => RowsOfTile;

    private static int RowsOfTile => TS.Width == 16 ? 8 : 6;

    public override GemmPanels PanelsOf(int columns) => new(columns, TS.Width, TS.Width == 16);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Gemm(in GemmCall call, int firstRow, int endRow, int firstPanel, int endPanel, Scratch scratch)
    {
        int tileRows = TileRows;
        nint tileSize = (nint)tileRows * call.Depth;
        float* packed = scratch.Floats(ScratchSlot.GemmRows, ScatteredTiles * tileSize);
        float* corner = scratch.Floats(ScratchSlot.GemmTile, tileRows * 3 * TS.Width);
        int fullEnd = endRow - ((endRow - firstRow) % tileRows);
        GemmAhead ahead = new(call, (endPanel - firstPanel) * ((endRow - firstRow + tileRows - 1) / tileRows));
        if (IsScattered(call) && endPanel - firstPanel > 1)
        {
            for (int row = firstRow; row < fullEnd; row += ScatteredTiles * tileRows)
            {
                int tiles = Math.Min(ScatteredTiles, (fullEnd - row) / tileRows);
                PackScatteredTiles(call, row, tiles, packed);
                for (int panel = firstPanel; panel < endPanel; panel++)
                {
                    for (int tile = 0; tile < tiles; tile++)
                    {
                        TileAt(call, row + (tile * tileRows), endRow, panel, packed + (tile * tileSize), 1, tileRows, corner, ref ahead);
                    }
                }
            }

            firstRow = fullEnd;
        }

        PackTileRows(call, fullEnd, endRow, packed);
        for (int panel = firstPanel; panel < endPanel; panel++)
        {
            for (int row = firstRow; row < fullEnd; row += tileRows)
            {
                TileAt(call, row, endRow, panel, call.A + (row * call.RowStride), call.RowStride, call.DepthStride, corner, ref ahead);
            }

            if (fullEnd < endRow)
            {
                TileAt(call, fullEnd, endRow, panel, packed, 1, tileRows, corner, ref ahead);
            }
        }
    }

    /// <summary>Columns whose elements lie a power of two apart compete for few places of a cache: copying them once is cheaper.</summary>
    private static bool IsScattered(in GemmCall call) => call.RowStride == 1 && call.DepthStride % 256 == 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void TileAt(
        in GemmCall call, int row, int endRow, int panel, float* a, nint ra, nint ca, float* corner, ref GemmAhead ahead)
    {
        int column = call.Panels.Start(panel);
        int vectors = call.Panels.Vectors(panel);
        int rows = Math.Min(RowsOfTile, endRow - row);
        int columns = Math.Min(vectors * TS.Width, call.Panels.Columns - column);
        float* b = call.Packed + ((nint)column * call.Depth);
        TileOutput output = OutputAt(call, row, column);
        if (ahead.Step != 0)
        {
            output.Ahead = ahead.Take(call.Depth);
            output.AheadStep = ahead.Step;
        }
        else
        {
            // The next tile's rows, where they lie one behind the other.
            output.Ahead = panel == 0 && ca == 1 ? a + (RowsOfTile * ra) : b;
            output.AheadStep = panel == 0 && ca == 1 ? RowsOfTile : 0;
        }

        if (rows == RowsOfTile && columns == vectors * TS.Width)
        {
            Tile(vectors, call.Depth, a, ra, ca, b, output);
        }
        else
        {
            EdgeTile(vectors, call.Depth, a, ra, ca, b, output, rows, columns, corner);
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
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
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

        Tile(vectors, depth, a, ra, ca, b, new TileOutput { C = corner, Stride = width, Accumulate = output.Accumulate, Ahead = b });
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

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void CopyPart(float* source, float* target, int count)
    {
        for (int j = 0; j < count; j += TS.Width)
        {
            TS.Store(target + j, TS.LoadPart(source + j, Math.Min(TS.Width, count - j)));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Fetch(float* address)
    {
        if (Sse.IsSupported)
        {
            Sse.Prefetch0(address);
        }
    }

    /// <summary>Asks for the lines of a tile of 8x3 vectors early: they are written only when its sums are complete.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void FetchTile(in TileOutput output)
    {
        if (Sse.IsSupported)
        {
            float* row = output.C;
            for (int i = 0; i < 8; i++)
            {
                Sse.Prefetch0(row);
                Sse.Prefetch0(row + 16);
                Sse.Prefetch0(row + 32);
                row += output.Stride;
            }
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

    /// <summary>Several whole tiles side by side, so that every cache line is used in full.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void PackScatteredTiles(in GemmCall call, int firstRow, int tiles, float* packed)
    {
        nint tileSize = (nint)RowsOfTile * call.Depth;
        for (int p = 0; p < call.Depth; p++)
        {
            float* a = call.A + firstRow + (p * call.DepthStride);
            float* target = packed + (p * RowsOfTile);
            for (int tile = 0; tile < tiles; tile++)
            {
                // 4 + 4 of 8, or 4 + 2 (two of them again) of 6.
                Vector128.Load(a).Store(target);
                Vector128.Load(a + RowsOfTile - 4).Store(target + RowsOfTile - 4);
                a += RowsOfTile;
                target += tileSize;
            }
        }
    }

    /// <summary>The rows of one tile, by depth, with zeros for missing ones.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void PackTileRows(in GemmCall call, int firstRow, int endRow, float* packed)
    {
        int rows = endRow - firstRow;
        float* a = call.A + (firstRow * call.RowStride);
        float* end = packed + ((nint)call.Depth * RowsOfTile);
        while (packed < end && rows > 0)
        {
            for (int i = 0; i < RowsOfTile; i++)
            {
                packed[i] = i < rows ? a[i * call.RowStride] : 0;
            }

            a += call.DepthStride;
            packed += RowsOfTile;
        }
    }
}
