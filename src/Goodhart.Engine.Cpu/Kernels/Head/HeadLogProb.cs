namespace Goodhart.Engine.Cpu;

/// <content>Log-probabilities of targets, and their gradient.</content>
internal sealed unsafe partial class CpuOps
{
    /// <summary>Floats of logit gradients kept at a time: 16 MB.</summary>
    private const int GradientFloats = 4 << 20;

    public void HeadLogProb(Mat hidden, Mat weight, Mat targetRows, Mat targetTokens, Mat logProb, Mat logSumExp)
    {
        const string Name = nameof(HeadLogProb);
        RequireHead(Name, hidden, weight);
        HeadTargets targets = TargetsOf(Name, hidden, weight, targetRows, targetTokens);
        RequireColumn(Name, logProb, targets.Count);
        RequireColumn(Name, logSumExp, hidden.Rows);
        int* tokens = I(targetTokens);
        float* result = F(logProb);
        LogSumExp* states = StartLogSumExp(hidden.Rows, ScratchSlot.RowState);
        VisitLogits(hidden, weight, (row, logits, firstToken, count, _) =>
        {
            foreach (int t in targets.Of(row))
            {
                if ((uint)(tokens[t] - firstToken) < (uint)count)
                {
                    result[t] = logits[tokens[t] - firstToken];
                }
            }

            states[row].Add(kernels, logits, SimdBlock.Pad(count));
        });
        float* saved = F(logSumExp);
        for (int row = 0; row < hidden.Rows; row++)
        {
            saved[row] = (float)states[row].Value;
            foreach (int t in targets.Of(row))
            {
                result[t] = states[row].LogProb(result[t]);
            }
        }
    }

    public void HeadLogProbGrad(
        Mat hidden, Mat weight, Mat targetRows, Mat targetTokens, Mat logSumExp, Mat upstream, Mat dHidden, Mat dWeight)
    {
        const string Name = nameof(HeadLogProbGrad);
        RequireHead(Name, hidden, weight);
        HeadTargets targets = TargetsOf(Name, hidden, weight, targetRows, targetTokens);
        RequireColumn(Name, upstream, targets.Count);
        RequireColumn(Name, logSumExp, hidden.Rows);
        ShapeException.Require(dHidden.Rows == hidden.Rows && dHidden.Cols == hidden.Cols, Name, $"dHidden {hidden}", dHidden);
        ShapeException.Require(
            dWeight.IsEmpty || (dWeight.Rows == weight.Rows && dWeight.Cols == weight.Cols), Name, $"dWeight {weight}, or none", dWeight);
        LogitGradient gradient = new(targets, I(targetTokens), F(logSumExp), F(upstream));
        int block = BlockTokens(weight.Rows);
        int blockRows = Math.Max(HeadChunkRows, GradientFloats / SimdBlock.Pad(block) / HeadChunkRows * HeadChunkRows);
        for (int row = 0; row < hidden.Rows; row += blockRows)
        {
            int rows = Math.Min(blockRows, hidden.Rows - row);
            for (int token = 0; token < weight.Rows; token += block)
            {
                int count = Math.Min(block, weight.Rows - token);
                HeadGradientBlock(
                    hidden.RowRange(row, rows),
                    weight.RowRange(token, count),
                    gradient.From(row, token),
                    dHidden.RowRange(row, rows),
                    dWeight.IsEmpty ? default : dWeight.RowRange(token, count),
                    accumulate: token > 0);
            }
        }
    }

    /// <summary>The logits of a block again, their gradient in place, and both products of it while it is in the cache.</summary>
    private void HeadGradientBlock(Mat hidden, Mat weight, LogitGradient gradient, Mat dHidden, Mat dWeight, bool accumulate)
    {
        LogitBlock logits = PackLogits(weight, ScratchSlot.Packed);
        GemmPanels panels = kernels.PanelsOf(hidden.Cols);
        float* packed = PackRows(weight, panels, ScratchSlot.PackedSecond);
        float* dLogits = scratch[0].Floats(ScratchSlot.Logits, (long)hidden.Rows * logits.Stride);
        RunHeadRows(hidden.Rows, (row, endRow, worker) =>
        {
            float* rows = dLogits + ((nint)row * logits.Stride);
            ComputeLogits(hidden, logits, row, endRow, rows, worker);
            for (int i = row; i < endRow; i++)
            {
                gradient.Replace(kernels, i, rows + ((i - row) * logits.Stride), logits.Count);
            }

            GemmCall call = new(panels, endRow - row, logits.Count)
            {
                A = rows,
                RowStride = logits.Stride,
                DepthStride = 1,
                Packed = packed,
                C = F(dHidden) + ((nint)row * dHidden.Ld),
                Stride = dHidden.Ld,
                Accumulate = accumulate,
            };
            kernels.Gemm(call, 0, endRow - row, 0, panels.Count, scratch[worker]);
        });
        if (!dWeight.IsEmpty)
        {
            AddOuterProducts(dLogits, logits.Stride, logits.Count, hidden, dWeight, null);
        }
    }

    private HeadTargets TargetsOf(string name, Mat hidden, Mat weight, Mat targetRows, Mat targetTokens)
    {
        RequireColumn(name, targetRows, targetRows.Rows, DType.I32);
        RequireColumn(name, targetTokens, targetRows.Rows, DType.I32);
        int* space = (int*)scratch[0].Floats(ScratchSlot.Targets, HeadTargets.Space(targetRows.Rows, hidden.Rows));
        return new HeadTargets(name, I(targetRows), I(targetTokens), targetRows.Rows, hidden.Rows, weight.Rows, space);
    }

    private static void RequireColumn(string name, Mat column, int rows, DType type = DType.F32) =>
        ShapeException.Require(
            column.Rows == rows && (rows == 0 || (column.Cols == 1 && column.Ld == 1)) && column.Type == type,
            name,
            $"a contiguous column [{rows}, 1] {type}",
            column);

    private LogSumExp* StartLogSumExp(int rows, int slot)
    {
        LogSumExp* states = (LogSumExp*)scratch[0].Floats(slot, (long)rows * sizeof(LogSumExp) / sizeof(float));
        new Span<LogSumExp>(states, rows).Fill(LogSumExp.Start);
        return states;
    }

    /// <summary>dlogits = Σ over a row's targets of upstream · (onehot − softmax).</summary>
    private readonly struct LogitGradient(HeadTargets targets, int* tokens, float* logSumExp, float* upstream)
    {
        private readonly int firstRow;
        private readonly int firstToken;

        private LogitGradient(HeadTargets targets, int* tokens, float* logSumExp, float* upstream, int firstRow, int firstToken)
            : this(targets, tokens, logSumExp, upstream)
        {
            this.firstRow = firstRow;
            this.firstToken = firstToken;
        }

        public LogitGradient From(int row, int token) => new(targets, tokens, logSumExp, upstream, row, token);

        public void Replace(Kernels kernels, int row, float* logits, int count)
        {
            ReadOnlySpan<int> own = targets.Of(firstRow + row);
            double total = 0;
            foreach (int t in own)
            {
                total += upstream[t];
            }

            kernels.ScaledExp(logits, logSumExp[firstRow + row], (float)-total, logits, SimdBlock.Pad(count));
            foreach (int t in own)
            {
                int token = tokens[t] - firstToken;
                if ((uint)token < (uint)count)
                {
                    logits[token] += upstream[t];
                }
            }
        }
    }
}
