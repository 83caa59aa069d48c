using System.Runtime.CompilerServices;

namespace Goodhart.Engine.Cpu;

/// <summary>One query against two ranges of the cache.</summary>
internal unsafe struct DecodeQuery
{
    public float* Query;

    /// <summary>(start, length) of the prompt's rows, then of its own.</summary>
    public int* Ranges;

    public float* Output;
}

internal abstract unsafe partial class Kernels
{
    /// <summary>One query, or two that see the same of a prompt.</summary>
    public abstract void Decode(DecodeQuery* queries, int count, KvCache cache, int head, int longest, Scratch scratch);
}

/// <content>Each sum is made in four parts in ascending order (keys: dim mod 4; values: row of the range mod 4), whatever the block a row
/// is in and whoever else asks.</content>
internal sealed unsafe partial class Kernels<TS, TV>
{
    private const int DecodeScoresSlot = 5;
    private const int DecodeSumsSlot = 4;

    public override void Decode(DecodeQuery* queries, int count, KvCache cache, int head, int longest, Scratch scratch)
    {
        // Scores of whole blocks are stored, so both ends of a range need room; own scores are computed aside and put behind.
        int room = SimdBlock.Pad(longest) + (2 * SimdBlock.Lanes);
        float* own = scratch.Floats(DecodeScoresSlot, 3L * room) + SimdBlock.Lanes;
        float* first = own + room;
        float* second = first + room;
        int width = SimdBlock.Pad(cache.HeadDim);
        float* sums = scratch.Floats(DecodeSumsSlot, 8L * width);
        new Span<float>(sums, 8 * width).Clear();
        int start = queries[0].Ranges[0];
        int length = queries[0].Ranges[1];
        if (count == 2)
        {
            DecodeScores(queries[0].Query, queries[1].Query, cache, head, start, length, first, second);
        }
        else
        {
            DecodeScores(queries[0].Query, cache, head, start, length, first);
        }

        for (int i = 0; i < count; i++)
        {
            int* ranges = queries[i].Ranges;
            float* scores = i == 0 ? first : second;
            DecodeScores(queries[i].Query, cache, head, ranges[2], ranges[3], own);
            new Span<float>(own, ranges[3]).CopyTo(new Span<float>(scores + length, ranges[3]));
        }

        float scale = (float)(1 / Math.Sqrt(cache.HeadDim));
        float sum = DecodeSoftmax(first, length + queries[0].Ranges[3], scale);
        float sumOfSecond = count == 2 ? DecodeSoftmax(second, length + queries[1].Ranges[3], scale) : 1;
        float* values = cache.Value(start, head);
        if (count == 2)
        {
            AddValues(values, cache.HeadDim, length, first, second, sums, width);
        }
        else
        {
            AddValues(values, cache.HeadDim, length, first, sums, width);
        }

        for (int i = 0; i < count; i++)
        {
            int* ranges = queries[i].Ranges;
            float* part = sums + (i * 4 * width);
            AddValues(cache.Value(ranges[2], head), cache.HeadDim, ranges[3], (i == 0 ? first : second) + length, part, width);
            FinishValues(part, width, cache.HeadDim, 1 / (i == 0 ? sum : sumOfSecond), queries[i].Output);
        }
    }

    /// <summary>scores[i] = q·k of cache row start + i.</summary>
    private static void DecodeScores(float* query, KvCache cache, int head, int start, int length, float* scores)
    {
        for (int block = start / SimdBlock.Lanes; block * SimdBlock.Lanes < start + length; block++)
        {
            float* keys = cache.Keys(block, head);
            int lanes = cache.LanesOf(block);
            float* target = scores + (block * SimdBlock.Lanes) - start;
            for (int lane = 0; lane < lanes; lane += TS.Width)
            {
                int count = Math.Min(TS.Width, lanes - lane);
                TS.Store(target + lane, lanes == SimdBlock.Lanes
                    ? DotKeys<WholeVector>(query, keys + lane, lanes, count, cache.HeadDim)
                    : DotKeys<PartVector>(query, keys + lane, lanes, count, cache.HeadDim));
            }
        }
    }

    /// <summary>The same of two queries at once.</summary>
    private static void DecodeScores(
        float* query, float* query2, KvCache cache, int head, int start, int length, float* scores, float* scores2)
    {
        for (int block = start / SimdBlock.Lanes; block * SimdBlock.Lanes < start + length; block++)
        {
            float* keys = cache.Keys(block, head);
            int lanes = cache.LanesOf(block);
            int offset = (block * SimdBlock.Lanes) - start;
            for (int lane = 0; lane < lanes; lane += TS.Width)
            {
                float* target = scores + offset + lane;
                float* target2 = scores2 + offset + lane;
                if (lanes == SimdBlock.Lanes)
                {
                    DotKeys(query, query2, keys + lane, lanes, cache.HeadDim, target, target2);
                }
                else
                {
                    int count = Math.Min(TS.Width, lanes - lane);
                    TS.Store(target, DotKeys<PartVector>(query, keys + lane, lanes, count, cache.HeadDim));
                    TS.Store(target2, DotKeys<PartVector>(query2, keys + lane, lanes, count, cache.HeadDim));
                }
            }
        }
    }

    /// <summary>q·k of a vector of keys.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static TV DotKeys<TLoad>(float* query, float* keys, nint stride, int count, int headDim)
        where TLoad : struct, ILoad
    {
        TV s0 = TS.Broadcast(0), s1 = s0, s2 = s0, s3 = s0;
        int j = 0;
        for (; j + 4 <= headDim; j += 4)
        {
            s0 = TS.Fma(TS.Broadcast(query[j]), TLoad.From(keys, count), s0);
            s1 = TS.Fma(TS.Broadcast(query[j + 1]), TLoad.From(keys + stride, count), s1);
            s2 = TS.Fma(TS.Broadcast(query[j + 2]), TLoad.From(keys + (2 * stride), count), s2);
            s3 = TS.Fma(TS.Broadcast(query[j + 3]), TLoad.From(keys + (3 * stride), count), s3);
            keys += 4 * stride;
        }

        for (; j < headDim; j++)
        {
            s0 = TS.Fma(TS.Broadcast(query[j]), TLoad.From(keys, count), s0);
            keys += stride;
        }

        return TS.Add(TS.Add(s0, s1), TS.Add(s2, s3));
    }

    /// <summary>The same of two queries, on a whole vector of keys.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void DotKeys(float* query, float* query2, float* keys, nint stride, int headDim, float* target, float* target2)
    {
        TV s0 = TS.Broadcast(0), s1 = s0, s2 = s0, s3 = s0;
        TV t0 = s0, t1 = s0, t2 = s0, t3 = s0;
        int j = 0;
        for (; j + 4 <= headDim; j += 4)
        {
            TV k = TS.Load(keys);
            s0 = TS.Fma(TS.Broadcast(query[j]), k, s0);
            t0 = TS.Fma(TS.Broadcast(query2[j]), k, t0);
            k = TS.Load(keys + stride);
            s1 = TS.Fma(TS.Broadcast(query[j + 1]), k, s1);
            t1 = TS.Fma(TS.Broadcast(query2[j + 1]), k, t1);
            k = TS.Load(keys + (2 * stride));
            s2 = TS.Fma(TS.Broadcast(query[j + 2]), k, s2);
            t2 = TS.Fma(TS.Broadcast(query2[j + 2]), k, t2);
            k = TS.Load(keys + (3 * stride));
            s3 = TS.Fma(TS.Broadcast(query[j + 3]), k, s3);
            t3 = TS.Fma(TS.Broadcast(query2[j + 3]), k, t3);
            keys += 4 * stride;
        }

        for (; j < headDim; j++)
        {
            TV k = TS.Load(keys);
            s0 = TS.Fma(TS.Broadcast(query[j]), k, s0);
            t0 = TS.Fma(TS.Broadcast(query2[j]), k, t0);
            keys += stride;
        }

        TS.Store(target, TS.Add(TS.Add(s0, s1), TS.Add(s2, s3)));
        TS.Store(target2, TS.Add(TS.Add(t0, t1), TS.Add(t2, t3)));
    }

    private static float DecodeSoftmax(float* scores, int count, float scale)
    {
        TV nothing = TS.Broadcast(float.NegativeInfinity);
        TV top = nothing;
        for (int i = 0; i < count; i += TS.Width)
        {
            top = TS.Max(top, TS.FirstOr(TS.Load(scores + i), count - i, nothing));
        }

        TV shift = TS.Broadcast(TS.MaxLane(top));
        TV factor = TS.Broadcast(scale);
        for (int i = 0; i < count; i += TS.Width)
        {
            TV score = TS.Mul(TS.Sub(TS.Load(scores + i), shift), factor);
            TS.Store(scores + i, VectorMath.Exp<TS, TV>(TS.FirstOr(score, count - i, nothing)));
        }

        return SumRow<Plain>(scores, scores, 0, count);
    }

    /// <summary>How a vector of keys is loaded of which count floats matter.</summary>
    private interface ILoad
    {
        static abstract TV From(float* source, int count);
    }

    private readonly struct WholeVector : ILoad
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TV From(float* source, int count) => TS.Load(source);
    }

    private readonly struct PartVector : ILoad
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TV From(float* source, int count) => TS.LoadPart(source, count);
    }
}
