namespace Goodhart.Engine.Randomness;

/// <summary>
/// A sequence of random numbers with an address: (key, item id, sample). Streams of different items never overlap, and a stream
/// can be drawn from in any order relative to others.
/// </summary>
/// <remarks>Counter words: (block index, 0, sample, item), so that a token's noise (vocabulary, position, sample, item) is another
/// purpose's key.</remarks>
public sealed class RandomStream(ulong key, uint item, uint sample = 0)
{
    private readonly uint[] words = new uint[4];
    private uint block;
    private int next = 4;

    public RandomStream(ulong seed, string purpose, uint item, uint sample = 0)
        : this(Philox.Key(seed, purpose), item, sample)
    {
    }

    /// <summary>32 uniform bits.</summary>
    public uint NextBits()
    {
        if (next == 4)
        {
            (words[0], words[1], words[2], words[3]) = Philox.Block(key, block++, 0, sample, item);
            next = 0;
        }

        return words[next++];
    }

    /// <summary>Uniform in [0, 1), with 53 bits.</summary>
    public double NextDouble()
    {
        ulong high = NextBits();
        return ((high << 21) ^ (NextBits() >> 11)) * (1.0 / (1UL << 53));
    }

    /// <summary>Uniform in {0, ..., <paramref name="count"/> − 1}, without modulo bias (Lemire's rejection).</summary>
    public int NextInt(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        uint bound = (uint)count;
        uint threshold = (0u - bound) % bound;
        while (true)
        {
            ulong product = (ulong)NextBits() * bound;
            if ((uint)product >= threshold)
            {
                return (int)(product >> 32);
            }
        }
    }

    /// <summary>Standard normal (Box-Muller, the cosine branch only, so that a draw costs a fixed number of words).</summary>
    public double NextNormal()
    {
        double radius = Math.Sqrt(-2 * Math.Log(1 - NextDouble()));
        return radius * Math.Cos(2 * Math.PI * NextDouble());
    }

    /// <summary>Fisher-Yates permutation of 0 .. count − 1.</summary>
    public int[] Permutation(int count)
    {
        int[] order = new int[count];
        for (int i = 0; i < count; i++)
        {
            int j = NextInt(i + 1);
            order[i] = order[j];
            order[j] = i;
        }

        return order;
    }
}
