using System.Runtime.Intrinsics;
using Goodhart.Engine.Randomness;
using Xunit;

namespace Goodhart.Engine.Cpu.Tests;

/// <summary>Draws by vectors, which leave out what cannot win, against the definition that computes every token's noise.</summary>
public sealed unsafe class DrawTests
{
    private static readonly ulong Key = Philox.Key(3, "draws");

    /// <summary>Every width that this processor has, the single numbers of a runtime without vectors among them.</summary>
    private static readonly Kernels[] All =
    [
        new Kernels<Simd1, float>(), new Kernels<Simd128, Vector128<float>>(),
        .. IsaDetection.Best >= Isa.Avx2 ? (Kernels[])[new Kernels<Simd256, Vector256<float>>()] : [],
        .. IsaDetection.Best >= Isa.Avx512 ? (Kernels[])[new Kernels<Simd512, Vector512<float>>()] : [],
    ];

    /// <summary>Logits of a row: v of V, with a number in [−1, 1).</summary>
    private static readonly Func<int, int, float, float>[] Rows =
    [
        (_, _, x) => 0,
        (_, _, x) => x,
        (_, _, x) => 8 * x,
        (_, _, x) => 1000 * x,
        (v, count, x) => x + (v == count / 2 ? 12 : 0),
        (v, count, x) => x + (v == count - 1 ? 30 : 0),
        (v, _, x) => v == 0 ? 16 : x - (v % 3),
        (v, _, _) => v,
        (_, count, x) => 0.001f * x * count,
        (v, _, x) => v % 5 == 0 ? float.NegativeInfinity : v % 7 == 0 ? float.MinValue : x,
        (v, _, x) => v % 11 == 0 ? float.NaN : x,
        (v, count, x) => v == count / 3 ? float.PositiveInfinity : x,
        (v, _, x) => 1e30f * x,
        (_, _, _) => float.NegativeInfinity,
    ];

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(32)]
    [InlineData(190)]
    [InlineData(1027)]
    [InlineData(5000)]
    public void Tokens_are_those_of_the_definition(int vocabulary)
    {
        RandomStream random = new(1, "logits", (uint)vocabulary);
        for (int kind = 0; kind < Rows.Length; kind++)
        {
            for (uint item = 0; item < 12; item++)
            {
                float[] logits = [.. Enumerable.Range(0, vocabulary).Select(v => Rows[kind](v, vocabulary, (2 * (float)random.NextDouble()) - 1))];
                (int, float) expected = Definition(logits, position: item % 3, sample: item % 2, item);
                foreach (Kernels kernels in All)
                {
                    Assert.Equal(expected, Drawn(kernels, logits, block: 960, item % 3, item % 2, item));
                    Assert.Equal(expected, Drawn(kernels, logits, block: 36, item % 3, item % 2, item));
                }
            }
        }
    }

    [Fact]
    public void No_noise_is_larger_than_the_most()
    {
        double most = -Math.Log(-Math.Log(Philox.OpenUnit(uint.MaxValue)));
        Assert.Equal(24 * Math.Log(2), most, 1e-6);
        Assert.InRange(most, 16.6, GumbelDraw.MostNoise);
    }

    [Fact]
    public void The_rest_of_a_unit_is_exact()
    {
        Check<Simd1, float>();
        Check<Simd128, Vector128<float>>();
        if (IsaDetection.Best >= Isa.Avx2)
        {
            Check<Simd256, Vector256<float>>();
        }

        if (IsaDetection.Best >= Isa.Avx512)
        {
            Check<Simd512, Vector512<float>>();
        }

        static void Check<TS, TV>()
            where TS : ISimd<TV>
            where TV : struct
        {
            uint* words = stackalloc uint[16];
            float* rest = stackalloc float[16];
            for (ulong start = 0; start <= uint.MaxValue; start += 16 * 999_983)
            {
                for (uint i = 0; i < 16; i++)
                {
                    words[i] = start == 0 ? uint.MaxValue - (100 * i) : (uint)start + (i * 999_983);
                }

                TS.Store(rest, TS.RestOfUnit(words));
                for (int i = 0; i < TS.Width; i++)
                {
                    Assert.Equal(1 - (double)Philox.OpenUnit(words[i]), rest[i]);
                }
            }
        }
    }

    private static (int Token, float Logit) Definition(float[] logits, uint position, uint sample, uint item)
    {
        (int token, float logit, double best) = (0, float.NegativeInfinity, double.NegativeInfinity);
        for (int v = 0; v < logits.Length; v++)
        {
            (uint W0, uint W1, uint W2, uint W3) words = Philox.Block(Key, (uint)v / 4, position, sample, item);
            uint word = (v % 4) switch { 0 => words.W0, 1 => words.W1, 2 => words.W2, _ => words.W3 };
            double value = logits[v] - Math.Log(-Math.Log(Philox.OpenUnit(word)));
            if (value > best)
            {
                (token, logit, best) = (v, logits[v], value);
            }
        }

        return (token, logit);
    }

    /// <summary>Offers the logits a block at a time; what lies behind a block would win if it were looked at.</summary>
    private static (int Token, float Logit) Drawn(Kernels kernels, float[] logits, int block, uint position, uint sample, uint item)
    {
        float[] room = new float[block + GumbelDraw.Group];
        GumbelDraw draw = new(Key, position, sample, item);
        for (int first = 0; first < logits.Length; first += block)
        {
            int count = Math.Min(block, logits.Length - first);
            Array.Fill(room, 1e38f);
            logits.AsSpan(first, count).CopyTo(room);
            fixed (float* start = room)
            {
                kernels.Draw(ref draw, start, first, count);
            }
        }

        return (draw.Token, draw.Logit);
    }
}
