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
        ShapeException.Require(divergence.Rows == hiddenP.Rows && divergence.Cols == 2, Name, $"divergence [{hiddenP.Rows}, 2]", divergence);
        ShapeException.Require(entropy.IsEmpty || entropy.Rows == hiddenP.Rows, Name, $"entropy [{hiddenP.Rows}, 1]", entropy);
        LogSumExp* p = StartLogSumExp(hiddenP.Rows, ScratchSlot.RowState);
        LogSumExp* q = StartLogSumExp(hiddenP.Rows, ScratchSlot.RowStateSecond);
        VisitLogits(hiddenP, weightP, (row, logits, _, count, _) => p[row].Add(kernels, logits, SimdBlock.Pad(count)));
        VisitLogits(hiddenQ, weightQ, (row, logits, _, count, _) => q[row].Add(kernels, logits, SimdBlock.Pad(count)));

        KlSums* sums = (KlSums*)scratch[0].Floats(ScratchSlot.Targets, (long)hiddenP.Rows * sizeof(KlSums) / sizeof(float));
        new Span<KlSums>(sums, hiddenP.Rows).Clear();
        int block = BlockTokens(weightP.Rows);
        for (int first = 0; first < weightP.Rows; first += block)
        {
            int count = Math.Min(block, weightP.Rows - first);
            LogitBlock blockP = PackLogits(weightP.RowRange(first, count), ScratchSlot.Packed);
            LogitBlock blockQ = PackLogits(weightQ.RowRange(first, count), ScratchSlot.PackedSecond);
            RunHeadRows(hiddenP.Rows, (row, endRow, worker) =>
            {
                float* logitsP = scratch[worker].Floats(ScratchSlot.Logits, (long)HeadChunkRows * blockP.Stride);
                float* logitsQ = scratch[worker].Floats(ScratchSlot.LogitsSecond, (long)(HeadChunkRows + 2) * blockQ.Stride);
                float* space = logitsQ + (HeadChunkRows * blockQ.Stride);
                ComputeLogits(hiddenP, blockP, row, endRow, logitsP, worker);
                ComputeLogits(hiddenQ, blockQ, row, endRow, logitsQ, worker);
                for (int i = row; i < endRow; i++)
                {
                    int offset = (i - row) * blockP.Stride;
                    sums[i].Add(kernels, logitsP + offset, p[i], logitsQ + offset, q[i], count, space);
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

    /// <summary>
    /// KL(p‖q) as Σ p (δ − 1 + e^−δ), δ = log p − log q. The added terms sum to zero, every summand is at least zero, and an error in a
    /// log-sum-exp enters only by its square: also a divergence of 1e-10 nats comes out positive and right.
    /// </summary>
    private struct KlSums
    {
        public double PToQ;
        public double QToP;
        public double Entropy;

        public void Add(Kernels kernels, float* logitsP, in LogSumExp lseP, float* logitsQ, in LogSumExp lseQ, int count, float* space)
        {
            int padded = SimdBlock.Pad(count);
            float* expP = space;
            float* expQ = space + padded;
            kernels.ScaledExp(logitsP, lseP.Max, 1, expP, padded);
            kernels.ScaledExp(logitsQ, lseQ.Max, 1, expQ, padded);
            (double valueP, double shift) = (lseP.Value, lseP.Value - lseQ.Value);
            (double scaleP, double scaleQ) = (1 / lseP.Sum, 1 / lseQ.Sum);
            for (int v = 0; v < count; v++)
            {
                double p = expP[v] * scaleP;
                double q = expQ[v] * scaleQ;
                double difference = (double)logitsP[v] - logitsQ[v] - shift;
                PToQ += Term(p, q, difference);
                QToP += Term(q, p, -difference);
                Entropy -= p == 0 ? 0 : p * (logitsP[v] - valueP);
            }
        }

        /// <summary>p (δ − 1 + e^−δ); by its series where the terms would cancel (relative error 5e-9).</summary>
        private static double Term(double p, double q, double d) =>
            Math.Abs(d) > 0.1 ? (p == 0 ? q : (p * d) - p + q)
            : p * d * d * (0.5 - (d * ((1.0 / 6) - (d * ((1.0 / 24) - (d * ((1.0 / 120) - (d / 720))))))));
    }
}
