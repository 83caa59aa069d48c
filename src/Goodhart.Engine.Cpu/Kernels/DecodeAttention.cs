using System.Runtime.CompilerServices;

namespace Goodhart.Engine.Cpu;

internal sealed unsafe partial class CpuOps
{
    public void DecodeAttention(Mat qkv, int heads, Mat cache, Mat ranges, Mat y)
    {
        int headDim = CheckCache(qkv, heads, cache, nameof(DecodeAttention));
        RequireTable(ranges, qkv.Rows, 4, nameof(DecodeAttention));
        ShapeException.Require(
            y.Rows == qkv.Rows && y.Cols == heads * headDim,
            nameof(DecodeAttention),
            FormattableString.Invariant($"y [{qkv.Rows}, {heads * headDim}]"),
            y);
        int* range = I(ranges);
        int longest = LongestRange(range, qkv.Rows, cache.Rows);
        KvCache kv = new(F(cache), cache.Rows, heads, headDim);
        float* source = F(qkv);
        float* target = F(y);
        int perChunk = team.Threads == 1 ? Math.Max(1, qkv.Rows) : 4;
        team.Run((qkv.Rows + perChunk - 1) / perChunk, (chunk, worker) =>
        {
            int end = Math.Min(qkv.Rows, (chunk + 1) * perChunk);
            for (int row = chunk * perChunk; row < end; row++)
            {
                for (int head = 0; head < heads; head++)
                {
                    float* query = source + ((long)row * qkv.Ld) + (head * 3 * headDim);
                    float* output = target + ((long)row * y.Ld) + (head * headDim);
                    kernels.DecodeHead(query, kv, head, range + (4 * row), longest, output, scratch[worker]);
                }
            }
        });
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
        DecodeValues(cache, head, ranges, scores, 1 / sum, y);
    }

    /// <summary>scores[i] = q·k of cache row start + i; sums over the dims in order, whatever the block a row is in.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
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
                TV sum = TS.Broadcast(0);
                if (lanes == SimdBlock.Lanes)
                {
                    for (int j = 0; j < cache.HeadDim; j++)
                    {
                        sum = TS.Fma(TS.Broadcast(query[j]), TS.Load(keys + (j * SimdBlock.Lanes) + lane), sum);
                    }
                }
                else
                {
                    for (int j = 0; j < cache.HeadDim; j++)
                    {
                        sum = TS.Fma(TS.Broadcast(query[j]), TS.LoadPart(keys + (j * lanes) + lane, count), sum);
                    }
                }

                TS.Store(target + lane, sum);
            }
        }
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

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void DecodeValues(KvCache cache, int head, int* ranges, float* p, float scale, float* y)
    {
        float* first = cache.Value(ranges[0], head);
        float* second = cache.Value(ranges[2], head);
        for (int j = 0; j < cache.HeadDim; j += TS.Width)
        {
            int count = Math.Min(TS.Width, cache.HeadDim - j);
            TV sum = TS.Broadcast(0);
            for (int i = 0; i < ranges[1]; i++)
            {
                sum = TS.Fma(TS.Broadcast(p[i]), TS.LoadPart(first + (i * cache.ValueStride) + j, count), sum);
            }

            for (int i = 0; i < ranges[3]; i++)
            {
                sum = TS.Fma(TS.Broadcast(p[ranges[1] + i]), TS.LoadPart(second + (i * cache.ValueStride) + j, count), sum);
            }

            TS.StorePart(y + j, TS.Mul(sum, TS.Broadcast(scale)), count);
        }
    }
}
