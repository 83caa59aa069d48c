namespace Goodhart.Engine.Cpu;

/// <content>Drawing tokens by Gumbel arg-max.</content>
internal sealed unsafe partial class CpuOps
{
    public void Sample(Mat hidden, Mat weight, double temperature, ulong key, Mat streams, Mat tokens, Mat logProb)
    {
        const string Name = nameof(Sample);
        RequireHead(Name, hidden, weight);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(temperature);
        ShapeException.Require(streams.Rows == hidden.Rows && streams.Cols == 3, Name, $"streams [{hidden.Rows}, 3]", streams);
        RequireColumn(Name, tokens, hidden.Rows, DType.I32);
        RequireColumn(Name, logProb, hidden.Rows);
        float inverse = (float)(1 / temperature);
        int* addresses = I(streams);
        LogSumExp* states = StartLogSumExp(hidden.Rows, ScratchSlot.RowState);
        long drawFloats = (long)hidden.Rows * sizeof(GumbelDraw) / sizeof(float);
        GumbelDraw* draws = (GumbelDraw*)scratch[0].Floats(ScratchSlot.RowStateSecond, drawFloats);
        for (int row = 0; row < hidden.Rows; row++)
        {
            int* address = addresses + ((nint)row * streams.Ld);
            draws[row] = new GumbelDraw(key, (uint)address[0], (uint)address[1], (uint)address[2]);
        }

        VisitLogits(hidden, weight, (row, logits, firstToken, count, _) =>
        {
            int padded = SimdBlock.Pad(count);
            if (inverse != 1)
            {
                kernels.Multiply(logits, inverse, padded);
            }

            states[row].Add(kernels, logits, padded);
            kernels.Draw(ref draws[row], logits, firstToken, count);
        });
        for (int row = 0; row < hidden.Rows; row++)
        {
            I(tokens)[row] = draws[row].Token;
            F(logProb)[row] = states[row].LogProb(draws[row].Logit);
        }
    }
}
