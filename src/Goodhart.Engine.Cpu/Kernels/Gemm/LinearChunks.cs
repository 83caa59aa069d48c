namespace Goodhart.Engine.Cpu;

/// <content>How products are shared out among the workers. No sum is ever split, so that results do not depend on it.</content>
internal sealed unsafe partial class CpuOps
{
    /// <summary>Rows at a time in weight gradients: a packed block of the input and the block of dy then stay in the L2 cache.</summary>
    private const int DepthBlock = 256;

    /// <summary>Floats of the left factor that a chunk works on: a quarter of a usual L2 cache.</summary>
    private const int ChunkFloats = 65536;

    private const int MostChunkRows = 512;

    /// <summary>Below this many multiplications waking the team costs more than it saves.</summary>
    private const long WorthSharing = 200_000;

    private void RunPanels(GemmPanels panels, int depth, Action<int> pack)
    {
        if (team.Threads > 1 && (long)panels.PaddedColumns * depth > WorthSharing)
        {
            team.Run(panels.Count, (panel, _) => pack(panel));
            return;
        }

        for (int panel = 0; panel < panels.Count; panel++)
        {
            pack(panel);
        }
    }

    private void RunProduct(GemmCall call)
    {
        RunGrid(call.Rows, call.Panels, call.Depth, ChunkFloats / Math.Max(1, call.Depth), (row, endRow, panel, endPanel, worker) =>
            kernels.Gemm(call, row, endRow, panel, endPanel, scratch[worker]));
    }

    /// <summary>dW [m, x.Cols] += dyᵀ x and sums (may be null) += Σ_rows dy, in ascending order of rows.</summary>
    private void AddOuterProducts(float* dy, nint stride, int m, Mat x, Mat dWeight, float* sums)
    {
        GemmPanels panels = kernels.PanelsOf(x.Cols);
        float* input = F(x);
        float* target = F(dWeight);
        if (panels.Count == 0 && sums != null)
        {
            kernels.ColumnSums(dy, stride, x.Rows, m, sums);
        }

        RunGrid(m, panels, x.Rows, MostChunkRows, (row, endRow, panel, endPanel, worker) =>
        {
            float* packed = scratch[worker].Floats(ScratchSlot.PackedInput, (long)panels.PaddedColumns * DepthBlock);
            for (int first = 0; first < x.Rows; first += DepthBlock)
            {
                int depth = Math.Min(DepthBlock, x.Rows - first);
                float* block = dy + (first * stride);
                kernels.PackPanels(input + ((nint)first * x.Ld), x.Ld, depth, panels, panel, endPanel, packed);
                bool isWhole = endRow - row == m && stride == m && first + (2 * DepthBlock) <= x.Rows;

                GemmCall call = new(panels, m, depth)
                {
                    A = block,
                    RowStride = 1,
                    DepthStride = stride,
                    Packed = packed,
                    C = target,
                    Stride = dWeight.Ld,
                    Accumulate = true,
                    Next = isWhole ? block + (DepthBlock * stride) : null,
                    NextCount = DepthBlock * stride,
                };
                kernels.Gemm(call, row, endRow, panel, endPanel, scratch[worker]);
                if (sums != null && panel == 0)
                {
                    kernels.ColumnSums(block + row, stride, depth, endRow - row, sums + row);
                }
            }
        });
    }

    /// <summary>Calls body(row, endRow, panel, endPanel, worker) for all cells of a grid over rows and panels.</summary>
    private void RunGrid(int rows, GemmPanels panels, int depth, int chunkRows, Action<int, int, int, int, int> body)
    {
        if (rows == 0 || panels.Count == 0)
        {
            return;
        }

        int tile = kernels.TileRows;
        int rowsPer = Math.Clamp(chunkRows, 6 * tile, MostChunkRows);
        int panelGroups = 1;
        if (team.Threads > 1)
        {
            if ((long)rows * panels.PaddedColumns * depth < WorthSharing)
            {
                body(0, rows, 0, panels.Count, 0);
                return;
            }

            int wanted = 4 * team.Threads;
            rowsPer = Math.Min(rowsPer, Math.Max(2 * tile, (rows + wanted - 1) / wanted));
            int rowGroups = (rows + rowsPer - 1) / rowsPer;
            panelGroups = Math.Clamp((wanted + rowGroups - 1) / rowGroups, 1, panels.Count);
        }

        rowsPer = (rowsPer + tile - 1) / tile * tile;
        int groups = panelGroups;
        int rowChunks = (rows + rowsPer - 1) / rowsPer;
        team.Run(rowChunks * groups, (chunk, worker) =>
        {
            int row = chunk / groups * rowsPer;
            int group = chunk % groups;
            int panel = (int)((long)panels.Count * group / groups);
            int endPanel = (int)((long)panels.Count * (group + 1) / groups);
            body(row, Math.Min(rows, row + rowsPer), panel, endPanel, worker);
        });
    }
}
