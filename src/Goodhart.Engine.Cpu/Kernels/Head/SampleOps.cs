using Goodhart.Engine.Randomness;

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
            draws[row].Add(logits, firstToken, count);
        });
        for (int row = 0; row < hidden.Rows; row++)
        {
            I(tokens)[row] = draws[row].Token;
            F(logProb)[row] = states[row].LogProb(draws[row].Logit);
        }
    }
}

/// <summary>A draw under way: the token with the largest logit plus noise so far.</summary>
/// <remarks>The noise is computed in double, by the same instructions everywhere: equal logits draw equal tokens on every path.</remarks>
internal unsafe struct GumbelDraw(ulong key, uint position, uint sample, uint item)
{
    /// <summary>No noise whose word has these upper 8 bits is larger: most tokens are ruled out without a logarithm.</summary>
    private static readonly double[] NoiseBelow =
        [.. Enumerable.Range(0, 256).Select(bits => Noise(((uint)bits << 24) | 0xFFFFFF) + 1e-9)];

    private double best = double.NegativeInfinity;

    public int Token { get; private set; }

    public float Logit { get; private set; } = float.NegativeInfinity;

    /// <param name="firstToken">A multiple of 4.</param>
    public void Add(float* logits, int firstToken, int count)
    {
        uint* words = stackalloc uint[4];
        for (int v = 0; v < count; v += 4)
        {
            (words[0], words[1], words[2], words[3]) = Philox.Block(key, (uint)(firstToken + v) / 4, position, sample, item);
            for (int i = 0; i < Math.Min(4, count - v); i++)
            {
                if (logits[v + i] + NoiseBelow[words[i] >> 24] > best)
                {
                    Consider(firstToken + v + i, logits[v + i], words[i]);
                }
            }
        }
    }

    private static double Noise(uint word) => -Math.Log(-Math.Log(Philox.OpenUnit(word)));

    private void Consider(int token, float logit, uint word)
    {
        double value = logit + Noise(word);
        if (value > best)
        {
            best = value;
            Token = token;
            Logit = logit;
        }
    }
}
