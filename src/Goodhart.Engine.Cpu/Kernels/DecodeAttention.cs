using System.Runtime.CompilerServices;

namespace Goodhart.Engine.Cpu;

internal sealed unsafe partial class CpuOps
{
    public void DecodeAttention(Heads queries, int keyValueHeads, Mat cache, Mat ranges, int window, Mat y)
    {
        queries.Require(nameof(DecodeAttention));
        ShapeException.Require(
            keyValueHeads > 0 && queries.Count % keyValueHeads == 0 && window >= 0,
            nameof(DecodeAttention),
            FormattableString.Invariant($"a number of heads that {keyValueHeads} divides"),
            queries.Mat);
        RequireCache(keyValueHeads, queries.Dim, cache, nameof(DecodeAttention));
        RequireTable(ranges, queries.Rows, 4, nameof(DecodeAttention));
        ShapeException.Require(
            y.Rows == queries.Rows && y.Cols == queries.Width,
            nameof(DecodeAttention),
            FormattableString.Invariant($"y [{queries.Rows}, {queries.Width}]"),
            y);
        int longest = LongestRange(I(ranges), queries.Rows, cache.Rows);
        int[] within = Within(I(ranges), queries.Rows, window);
        KvCache kv = new(F(cache), cache.Rows, keyValueHeads, queries.Dim);
        HeadPointer source = Point(queries);
        float* target = F(y);
        int heads = queries.Count;
        int group = heads / keyValueHeads;

        // Rows that share a prompt go together, head by head: the prompt's keys and values of one head then stay in the cache.
        List<int> starts = PromptStarts(I(ranges), queries.Rows);
        team.Run((starts.Count - 1) * heads, (chunk, worker) =>
        {
            int head = chunk % heads;
            fixed (int* range = within)
            {
                for (int row = starts[chunk / heads]; row < starts[(chunk / heads) + 1]; row++)
                {
                    float* output = target + ((long)row * y.Ld) + (head * queries.Dim);
                    kernels.DecodeHead(source.At(row, head), kv, head / group, range + (4 * row), longest, output, scratch[worker]);
                }
            }
        });
    }

    /// <summary>The ranges without what lies before the window.</summary>
    private static int[] Within(int* ranges, int rows, int window)
    {
        int[] within = new ReadOnlySpan<int>(ranges, 4 * rows).ToArray();
        for (int i = 0; window > 0 && i < within.Length; i += 4)
        {
            int before = Math.Max(0, within[i + 1] + within[i + 3] - window);
            int ofPrompt = Math.Min(before, within[i + 1]);
            within[i] += ofPrompt;
            within[i + 1] -= ofPrompt;
            within[i + 2] += before - ofPrompt;
            within[i + 3] -= before - ofPrompt;
        }

        return within;
    }

    /// <summary>First rows of runs with the same prompt, and the number of rows.</summary>
    private static List<int> PromptStarts(int* range, int rows)
    {
        List<int> starts = [0];
        for (int row = 1; row <= rows; row++)
        {
            int* r = range + (4 * row);
            if (row == rows || r[0] != r[-4] || r[1] != r[-3])
            {
                starts.Add(row);
            }
        }

        return starts;
    }

    private static int LongestRange(int* range, int rows, int capacity)
    {
        int longest = 0;
        for (int row = 0; row < rows; row++)
        {
            int* r = range + (4 * row);
            if (r[0] < 0 || r[1] < 0 || r[2] < 0 || r[3] < 1 || r[0] + r[1] > capacity || r[2] + r[3] > capacity)
            {
                throw new ShapeException(FormattableString.Invariant(
                    $"DecodeAttention: expected ranges within {capacity} cache rows and at least one own row, ") +
                    FormattableString.Invariant($"got prompt {r[0]}+{r[1]}, own {r[2]}+{r[3]} in row {row}."));
            }

            longest = Math.Max(longest, r[1] + r[3]);
        }

        return longest;
    }
}

internal abstract unsafe partial class Kernels
{
    /// <summary>One query against two ranges (start, length) of the cache.</summary>
    public abstract void DecodeHead(float* query, KvCache cache, int head, int* ranges, int longest, float* y, Scratch scratch);
}

internal sealed unsafe partial class Kernels<TS, TV>
{
    public override void DecodeHead(float* query, KvCache cache, int head, int* ranges, int longest, float* y, Scratch scratch)
    {
        // Scores of whole blocks are stored, so both ends of a range need room; the second range is computed aside and put behind.
        int room = SimdBlock.Pad(longest) + (2 * SimdBlock.Lanes);
        float* scores = scratch.Floats(5, 2L * room) + SimdBlock.Lanes;
        float* own = scores + room;
        DecodeScores(query, cache, head, ranges[0], ranges[1], scores);
        DecodeScores(query, cache, head, ranges[2], ranges[3], own);
        new Span<float>(own, ranges[3]).CopyTo(new Span<float>(scores + ranges[1], ranges[3]));
        float sum = DecodeSoftmax(scores, ranges[1] + ranges[3], (float)(1 / Math.Sqrt(cache.HeadDim)));
        if (cache.CanReadBeyondValues)
        {
            DecodeValues<WholeVector>(cache, head, ranges, scores, 1 / sum, y);
        }
        else
        {
            DecodeValues<PartVector>(cache, head, ranges, scores, 1 / sum, y);
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

    /// <summary>q·k of a vector of keys. Four sums (dim mod 4), whatever the block a key is in.</summary>
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

    /// <summary>y = scale · Σ p_i v_i. Four sums per element (i mod 4 within a range), so that one need not wait for the other.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void DecodeValues<TLoad>(KvCache cache, int head, int* ranges, float* p, float scale, float* y)
        where TLoad : struct, ILoad
    {
        nint stride = (nint)cache.ValueStride;
        for (int j = 0; j < cache.HeadDim; j += TS.Width)
        {
            int count = Math.Min(TS.Width, cache.HeadDim - j);
            TV s0 = TS.Broadcast(0), s1 = s0, s2 = s0, s3 = s0;
            float* weight = p;
            for (int range = 0; range < 4; range += 2)
            {
                float* v = cache.Value(ranges[range], head) + j;
                int length = ranges[range + 1];
                int i = 0;
                for (; i + 4 <= length; i += 4)
                {
                    s0 = TS.Fma(TS.Broadcast(weight[0]), TLoad.From(v, count), s0);
                    s1 = TS.Fma(TS.Broadcast(weight[1]), TLoad.From(v + stride, count), s1);
                    s2 = TS.Fma(TS.Broadcast(weight[2]), TLoad.From(v + (2 * stride), count), s2);
                    s3 = TS.Fma(TS.Broadcast(weight[3]), TLoad.From(v + (3 * stride), count), s3);
                    v += 4 * stride;
                    weight += 4;
                }

                for (; i < length; i++)
                {
                    s0 = TS.Fma(TS.Broadcast(*weight), TLoad.From(v, count), s0);
                    v += stride;
                    weight++;
                }
            }

            TV sum = TS.Add(TS.Add(s0, s1), TS.Add(s2, s3));
            TS.StorePart(y + j, TS.Mul(sum, TS.Broadcast(scale)), count);
        }
    }

    /// <summary>How a vector of values is loaded of which count floats matter.</summary>
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
