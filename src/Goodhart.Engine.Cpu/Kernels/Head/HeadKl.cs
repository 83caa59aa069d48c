namespace Goodhart.Engine.Cpu;

/// <content>Exact divergences over the whole vocabulary.</content>
internal sealed unsafe partial class CpuOps
{
    public void HeadKl(Mat hiddenP, Mat weightP, Mat hiddenQ, Mat weightQ, Mat divergence, Mat entropy)
    {
        const string Name = nameof(HeadKl);
        RequireHead(Name, hiddenP, weightP);
        RequireHead(Name, hiddenQ, weightQ);
        ShapeException.Require(hiddenQ.Rows == hiddenP.Rows, Name, $"as many rows as {hiddenP}", hiddenQ);
        ShapeException.Require(weightQ.Rows == weightP.Rows, Name, $"a vocabulary of {weightP.Rows}", weightQ);
        bool shaped = divergence.Rows == hiddenP.Rows && divergence.Cols == 2;
        ShapeException.Require(shaped, Name, $"divergence [{hiddenP.Rows}, 2]", divergence);
        ShapeException.Require(entropy.IsEmpty || entropy.Rows == hiddenP.Rows, Name, $"entropy [{hiddenP.Rows}, 1]", entropy);
        LogSumExp* p = StartLogSumExp(hiddenP.Rows, ScratchSlot.RowState);
        LogSumExp* q = StartLogSumExp(hiddenP.Rows, ScratchSlot.RowStateSecond);
        int block = BlockTokens(weightP.Rows);
        bool whole = block == weightP.Rows;
        if (!whole)
        {
            VisitLogits(hiddenP, weightP, (row, logits, _, count, _) => p[row].Add(kernels, logits, SimdBlock.Pad(count)));
            VisitLogits(hiddenQ, weightQ, (row, logits, _, count, _) => q[row].Add(kernels, logits, SimdBlock.Pad(count)));
        }

        KlSums* sums = (KlSums*)scratch[0].Floats(ScratchSlot.Targets, (long)hiddenP.Rows * sizeof(KlSums) / sizeof(float));
        new Span<KlSums>(sums, hiddenP.Rows).Clear();
        for (int first = 0; first < weightP.Rows; first += block)
        {
            int count = Math.Min(block, weightP.Rows - first);
            LogitBlock blockP = PackLogits(weightP.RowRange(first, count), ScratchSlot.Packed);
            LogitBlock blockQ = PackLogits(weightQ.RowRange(first, count), ScratchSlot.PackedSecond);
            RunHeadRows(hiddenP.Rows, (row, endRow, worker) =>
            {
                float* logitsP = scratch[worker].Floats(ScratchSlot.Logits, (long)HeadChunkRows * blockP.Stride);
                float* logitsQ = scratch[worker].Floats(ScratchSlot.LogitsSecond, (long)HeadChunkRows * blockQ.Stride);
                ComputeLogits(hiddenP, blockP, row, endRow, logitsP, worker);
                ComputeLogits(hiddenQ, blockQ, row, endRow, logitsQ, worker);
                for (int i = row; i < endRow; i++)
                {
                    int offset = (i - row) * blockP.Stride;
                    if (whole)
                    {
                        p[i].Add(kernels, logitsP + offset, SimdBlock.Pad(count));
                        q[i].Add(kernels, logitsQ + offset, SimdBlock.Pad(count));
                    }

                    kernels.AddDivergences(logitsP + offset, p[i], logitsQ + offset, q[i], SimdBlock.Pad(count), ref sums[i]);
                }
            });
        }

        for (int i = 0; i < hiddenP.Rows; i++)
        {
            float* row = F(divergence) + ((nint)i * divergence.Ld);
            (row[0], row[1]) = ((float)sums[i].PToQ, (float)sums[i].QToP);
            if (!entropy.IsEmpty)
            {
                F(entropy)[(nint)i * entropy.Ld] = (float)sums[i].Entropy;
            }
        }
    }
}
