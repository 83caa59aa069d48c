namespace Goodhart.Engine.Cpu;

/// <content>
/// Logits are made a block of the vocabulary at a time for a few rows at a time, and consumed at once: [rows, vocabulary] is never
/// stored. Blocks depend on the vocabulary alone, so that no sum depends on the batch.
/// </content>
internal sealed unsafe partial class CpuOps
{
    /// <summary>Rows at a time: whole tiles of 6 and of 8.</summary>
    private const int HeadChunkRows = 48;

    /// <summary>Tokens at a time of a vocabulary beyond <see cref="WholeVocabulary"/>: whole panels and whole blocks of noise.</summary>
    private const int VocabularyBlock = 960;

    private const int WholeVocabulary = 1536;

    /// <summary>One row's logits of tokens [firstToken, firstToken + count), padded with the lowest float (finite, so that differences
    /// are too). The logits may be overwritten.</summary>
    private delegate void LogitRow(int row, float* logits, int firstToken, int count, int worker);

    public void HeadLogits(Mat hidden, Mat weight, Mat y)
    {
        RequireHead(nameof(HeadLogits), hidden, weight);
        Linear(hidden, weight, default, default, y);
    }

    private static void RequireHead(string name, Mat hidden, Mat weight)
    {
        ShapeException.Require(hidden.Cols == weight.Cols, name, $"hidden with {weight.Cols} columns", hidden);
        ShapeException.Require(weight.Rows > 0, name, "a weight with at least one row", weight);
    }

    private static int BlockTokens(int vocabulary) => vocabulary <= WholeVocabulary ? vocabulary : VocabularyBlock;

    /// <summary>Calls visit for every row and block; blocks of a row come in ascending order, rows on several workers.</summary>
    private void VisitLogits(Mat hidden, Mat weight, LogitRow visit)
    {
        int block = BlockTokens(weight.Rows);
        for (int first = 0; first < weight.Rows; first += block)
        {
            int firstToken = first;
            LogitBlock logits = PackLogits(weight.RowRange(first, Math.Min(block, weight.Rows - first)), ScratchSlot.Packed);
            RunHeadRows(hidden.Rows, (row, endRow, worker) =>
            {
                // Beyond the last row there is room for whole groups of a draw.
                float* buffer = scratch[worker].Floats(ScratchSlot.Logits, ((long)HeadChunkRows * logits.Stride) + GumbelDraw.Group);
                ComputeLogits(hidden, logits, row, endRow, buffer, worker);
                for (int i = row; i < endRow; i++)
                {
                    visit(i, buffer + ((i - row) * logits.Stride), firstToken, logits.Count, worker);
                }
            });
        }
    }

    private LogitBlock PackLogits(Mat weightRows, int slot)
    {
        GemmPanels panels = kernels.PanelsOf(weightRows.Rows);
        return new LogitBlock(panels.Padded(), weightRows.Rows, PackTransposed(weightRows, panels, slot));
    }

    private void ComputeLogits(Mat hidden, LogitBlock block, int row, int endRow, float* buffer, int worker)
    {
        GemmCall call = new(block.Panels, endRow - row, hidden.Cols)
        {
            A = F(hidden) + ((nint)row * hidden.Ld),
            RowStride = hidden.Ld,
            DepthStride = 1,
            Packed = block.Packed,
            C = buffer,
            Stride = block.Stride,
        };
        kernels.Gemm(call, 0, endRow - row, 0, block.Panels.Count, scratch[worker]);
        for (int i = 0; i < endRow - row; i++)
        {
            new Span<float>(buffer + (i * block.Stride) + block.Count, block.Stride - block.Count).Fill(float.MinValue);
        }
    }

    private void RunHeadRows(int rows, Action<int, int, int> body)
    {
        int chunks = (rows + HeadChunkRows - 1) / HeadChunkRows;
        team.Run(chunks, (chunk, worker) =>
            body(chunk * HeadChunkRows, Math.Min(rows, (chunk + 1) * HeadChunkRows), worker));
    }

    /// <summary>A block of the vocabulary, packed.</summary>
    private readonly struct LogitBlock(GemmPanels panels, int count, float* packed)
    {
        public GemmPanels Panels { get; } = panels;

        /// <summary>Tokens.</summary>
        public int Count { get; } = count;

        public float* Packed { get; } = packed;

        /// <summary>Floats from one row of logits to the next: whole panels and whole blocks of 16.</summary>
        public int Stride => SimdBlock.Pad(Panels.PaddedColumns);
    }
}
