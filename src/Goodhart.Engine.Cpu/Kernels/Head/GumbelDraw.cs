using Goodhart.Engine.Randomness;

namespace Goodhart.Engine.Cpu;

/// <summary>A draw under way: the token with the largest logit plus noise so far.</summary>
/// <remarks>The noise is computed in double, by the same instructions everywhere: equal logits draw equal tokens on every path.</remarks>
internal unsafe struct GumbelDraw(ulong key, uint position, uint sample, uint item)
{
    /// <summary>Tokens that are offered together: two of the widest vectors of blocks.</summary>
    public const int Group = 64;

    /// <summary>
    /// No noise is larger, by a margin: of 23 random bits the largest open unit is 1 − 2⁻²⁴, and −log(−log(1 − 2⁻²⁴)) = 24 ln 2 = 16.6355.
    /// </summary>
    public const float MostNoise = 16.64f;

    /// <summary>No noise whose word has these upper 8 bits is larger: most tokens are ruled out without a logarithm.</summary>
    private static readonly double[] NoiseBelow =
        [.. Enumerable.Range(0, 256).Select(bits => Noise(((uint)bits << 24) | 0xFFFFFF) + 1e-9)];

    private double best = double.NegativeInfinity;

    public int Token { get; private set; }

    public float Logit { get; private set; } = float.NegativeInfinity;

    /// <summary>The largest sum so far as a float: a token whose sum, rounded, is less cannot win, since rounding keeps order.</summary>
    public readonly float Best => (float)best;

    public readonly ulong Key => key;

    public readonly uint Position => position;

    public readonly uint Sample => sample;

    public readonly uint Item => item;

    /// <param name="words">Random words of the tokens.</param>
    public void Consider(float* logits, uint* words, int firstToken, int count)
    {
        for (int i = 0; i < count; i++)
        {
            if (logits[i] + NoiseBelow[words[i] >> 24] > best)
            {
                Consider(firstToken + i, logits[i], words[i]);
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
