using Goodhart.Engine.Randomness;
using Xunit;

namespace Goodhart.Engine.Tests.Randomness;

public sealed class RandomStreamTests
{
    [Fact]
    public void Numbers_have_addresses()
    {
        uint[] first = Draw(new RandomStream(1, "data", 5, 2));
        Assert.Equal(first, Draw(new RandomStream(1, "data", 5, 2)));
        Assert.Equal(first, Draw(new RandomStream(Philox.Key(1, "data"), 5, 2)));
        foreach (RandomStream other in (RandomStream[])
            [new(2, "data", 5, 2), new(1, "order", 5, 2), new(1, "data", 6, 2), new(1, "data", 5, 3)])
        {
            Assert.Empty(first.Intersect(Draw(other)));
        }
    }

    [Fact]
    public void Drawing_from_one_stream_does_not_move_another()
    {
        RandomStream a = new(1, "data", 0);
        RandomStream b = new(1, "data", 1);
        List<uint> mixed = [];
        for (int i = 0; i < 10; i++)
        {
            mixed.Add(a.NextBits());
            b.NextNormal();
        }

        Assert.Equal(Draw(new RandomStream(1, "data", 0)), mixed);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(10)]
    public void Integers_are_uniform(int count)
    {
        const int Draws = 100_000;
        RandomStream stream = new(3, "integers", (uint)count);
        int[] seen = new int[count];
        for (int i = 0; i < Draws; i++)
        {
            seen[stream.NextInt(count)]++;
        }

        // 1e-6 quantile of chi-square with 9 degrees of freedom: 45.1.
        Assert.InRange(ChiSquare(seen, Draws / (double)count), 0, 45);
    }

    [Fact]
    public void Integers_of_a_bound_that_does_not_divide_the_words_are_unbiased()
    {
        // A plain modulo would put two thirds of the draws into the lower half.
        const int Bound = 3 << 29;
        RandomStream stream = new(3, "large bound", 0);
        int[] seen = new int[2];
        for (int i = 0; i < 20_000; i++)
        {
            seen[stream.NextInt(Bound) / (Bound / 2)]++;
        }

        Assert.InRange(ChiSquare(seen, 10_000), 0, 24);
    }

    [Fact]
    public void Reals_are_uniform_and_stay_below_one()
    {
        RandomStream stream = new(4, "reals", 0);
        int[] seen = new int[20];
        int[] tail = new int[16];
        for (int i = 0; i < 100_000; i++)
        {
            double u = stream.NextDouble();
            Assert.InRange(u, 0, Math.BitDecrement(1));
            seen[(int)(u * 20)]++;

            // The lowest of the 53 bits are random too.
            tail[(long)(u * (1L << 53)) & 15]++;
        }

        Assert.InRange(ChiSquare(seen, 5000), 0, 65);
        Assert.InRange(ChiSquare(tail, 6250), 0, 58);
    }

    [Fact]
    public void Normals_have_the_moments_of_a_standard_normal()
    {
        const int Draws = 100_000;
        RandomStream stream = new(5, "normals", 0);
        double[] values = [.. Enumerable.Range(0, Draws).Select(_ => stream.NextNormal())];
        Assert.Equal(0, values.Average(), 5 / Math.Sqrt(Draws));
        Assert.Equal(1, values.Average(v => v * v), 5 * Math.Sqrt(2.0 / Draws));
        Assert.Equal(0, values.Average(v => v * v * v), 5 * Math.Sqrt(15.0 / Draws));
        Assert.Equal(3, values.Average(v => v * v * v * v), 5 * Math.Sqrt(96.0 / Draws));
    }

    [Fact]
    public void All_permutations_are_equally_likely()
    {
        Dictionary<string, int> seen = [];
        for (uint item = 0; item < 24_000; item++)
        {
            int[] order = new RandomStream(6, "order", item).Permutation(4);
            Assert.Equal([0, 1, 2, 3], order.Order());
            string name = string.Concat(order);
            seen[name] = seen.GetValueOrDefault(name) + 1;
        }

        Assert.Equal(24, seen.Count);
        Assert.InRange(ChiSquare([.. seen.Values], 1000), 0, 71);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public void A_range_without_numbers_is_refused(int count) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new RandomStream(1, "data", 0).NextInt(count));

    private static uint[] Draw(RandomStream stream) => [.. Enumerable.Range(0, 10).Select(_ => stream.NextBits())];

    private static double ChiSquare(int[] seen, double expected) => seen.Sum(n => (n - expected) * (n - expected) / expected);
}
