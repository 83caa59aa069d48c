using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Goodhart.Engine.Randomness;

namespace Goodhart.Engine.Cpu;

/// <content>Drawing tokens: the noise of many tokens at once, and which of them can win at all.</content>
internal abstract unsafe partial class Kernels
{
    /// <summary>Offers tokens [firstToken, firstToken + count) to a draw.</summary>
    /// <param name="logits">Readable up to whole groups of <see cref="GumbelDraw.Group"/>; what lies beyond count never wins.</param>
    /// <param name="firstToken">A multiple of 4.</param>
    public abstract void Draw(ref GumbelDraw draw, float* logits, int firstToken, int count);
}

/// <inheritdoc/>
internal sealed unsafe partial class Kernels<TS, TV>
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Draw(ref GumbelDraw draw, float* logits, int firstToken, int count)
    {
        uint* words = stackalloc uint[GumbelDraw.Group];
        TV best = TS.Broadcast(draw.Best);
        for (int v = 0; v < count; v += GumbelDraw.Group)
        {
            // Where not even the most noise would do, none is drawn.
            if (IsBeyondReach(logits + v, best))
            {
                continue;
            }

            FillWords(draw, (uint)(firstToken + v) / 4, words);
            if (!IsOutdone(logits + v, words, best))
            {
                draw.Consider(logits + v, words, firstToken + v, Math.Min(GumbelDraw.Group, count - v));
                best = TS.Broadcast(draw.Best);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsBeyondReach(float* logits, TV best)
    {
        for (int i = 0; i < GumbelDraw.Group; i += TS.Width)
        {
            if (!TS.AllLess(TS.Add(TS.Load(logits + i), TS.Broadcast(GumbelDraw.MostNoise)), best))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Whether no token of a group can win, by a bound on its noise that needs no logarithm.</summary>
    /// <remarks>
    /// −log u ≥ 1 − u, so the noise is at most −log(1 − u); and since the logarithm is concave, that of a mantissa in [√½, √2] is at least
    /// its chord. The bound is at most 0.06 above the noise where that is large.
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsOutdone(float* logits, uint* words, TV best)
    {
        const float Chord = 0.98025814f;                // ln 2 / (√2 − √½)
        const float Offset = 1.0397208f + 1e-5f;        // 1.5 ln 2, with room for rounding
        for (int i = 0; i < GumbelDraw.Group; i += TS.Width)
        {
            TV exponent = TS.SplitExponent(TS.RestOfUnit(words + i), out TV mantissa);
            TV bound = TS.Fnma(mantissa, TS.Broadcast(Chord), TS.Broadcast(Offset));
            bound = TS.Fnma(exponent, TS.Broadcast(0.6931472f), bound);
            if (!TS.AllLess(TS.Add(TS.Load(logits + i), bound), best))
            {
                return false;
            }
        }

        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void FillWords(in GumbelDraw draw, uint block, uint* words)
    {
        switch (TS.Width)
        {
            case 16:
                FillWords<PhiloxLanes512, Vector512<ulong>>(draw, block, words);
                break;
            case 8:
                FillWords<PhiloxLanes256, Vector256<ulong>>(draw, block, words);
                break;
            case 4:
                FillWords<PhiloxLanes128, Vector128<ulong>>(draw, block, words);
                break;
            default:
                for (int i = 0; i < GumbelDraw.Group; i += 4)
                {
                    (words[i], words[i + 1], words[i + 2], words[i + 3]) =
                        Philox.Block(draw.Key, block + (uint)(i / 4), draw.Position, draw.Sample, draw.Item);
                }

                break;
        }
    }

    /// <summary>As <see cref="Philox.Block"/>, two vectors of blocks at a time: each round of one waits for the round before.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void FillWords<TL, TW>(in GumbelDraw draw, uint block, uint* words)
        where TL : IPhiloxLanes<TW>
        where TW : struct
    {
        TW position = TL.Broadcast(draw.Position), sample = TL.Broadcast(draw.Sample), item = TL.Broadcast(draw.Item);
        TW multiplier0 = TL.Broadcast(Philox.Multiplier0), multiplier1 = TL.Broadcast(Philox.Multiplier1);
        for (int i = 0; i < GumbelDraw.Group; i += 8 * TL.Count)
        {
            TW a0 = TL.Counters(block + (uint)(i / 4)), a1 = position, a2 = sample, a3 = item;
            TW b0 = TL.Counters(block + (uint)(i / 4) + (uint)TL.Count), b1 = position, b2 = sample, b3 = item;
            (uint k0, uint k1) = ((uint)draw.Key, (uint)(draw.Key >> 32));
            for (int round = 0; round < Philox.Rounds; round++)
            {
                TW key0 = TL.Broadcast(k0), key1 = TL.Broadcast(k1);
                TW product0 = TL.Multiply(a0, multiplier0), product1 = TL.Multiply(a2, multiplier1);
                (a0, a1, a2, a3) = (TL.Mix(product1, a1, key0), product1, TL.Mix(product0, a3, key1), product0);
                product0 = TL.Multiply(b0, multiplier0);
                product1 = TL.Multiply(b2, multiplier1);
                (b0, b1, b2, b3) = (TL.Mix(product1, b1, key0), product1, TL.Mix(product0, b3, key1), product0);
                k0 += Philox.Weyl0;
                k1 += Philox.Weyl1;
            }

            TL.Store(words + i, a0, a1, a2, a3);
            TL.Store(words + i + (4 * TL.Count), b0, b1, b2, b3);
        }
    }
}
