namespace Goodhart.Engine.Cpu;

/// <summary>
/// The cache: first all values, then all keys. Values stand in rows [row][head][dim]. Keys stand in blocks of 16 cache rows,
/// transposed within a block ([block][head][dim][row mod 16], the last block as narrow as what is left), so that scores are computed
/// for 16 keys at once.
/// </summary>
internal sealed unsafe partial class CpuOps
{
    public void KvAppend(Mat qkv, int heads, Mat cacheRows, Mat cache)
    {
        int headDim = CheckCache(qkv, heads, cache, nameof(KvAppend));
        RequireTable(cacheRows, qkv.Rows, 1, nameof(KvAppend));
        int* target = I(cacheRows);
        CheckIndices(target, qkv.Rows, cache.Rows, nameof(KvAppend));
        KvCache kv = new(F(cache), cache.Rows, heads, headDim);
        float* source = F(qkv);
        RunRows(qkv.Rows, 4 * heads * headDim, (start, count) =>
        {
            for (int i = start; i < start + count; i++)
            {
                for (int head = 0; head < heads; head++)
                {
                    float* key = source + ((long)i * qkv.Ld) + (((head * 3) + 1) * headDim);
                    float* to = kv.Keys(target[i] / SimdBlock.Lanes, head) + (target[i] % SimdBlock.Lanes);
                    int lanes = kv.LanesOf(target[i] / SimdBlock.Lanes);
                    for (int j = 0; j < headDim; j++)
                    {
                        to[(long)j * lanes] = key[j];
                    }

                    new Span<float>(key + headDim, headDim).CopyTo(new Span<float>(kv.Value(target[i], head), headDim));
                }
            }
        });
    }

    private static int CheckCache(Mat qkv, int heads, Mat cache, string operation)
    {
        int headDim = qkv.Cols / (3 * heads);
        ShapeException.Require(
            qkv.Cols == 3 * heads * headDim, operation, FormattableString.Invariant($"a multiple of 3·{heads} columns"), qkv);
        ShapeException.Require(
            cache.Cols == 2 * heads * headDim && cache.Ld == cache.Cols && cache.Type == DType.F32,
            operation,
            FormattableString.Invariant($"a contiguous cache [capacity, {2 * heads * headDim}] F32"),
            cache);
        return headDim;
    }
}

/// <summary>Where keys and values are in a cache.</summary>
internal sealed unsafe class KvCache(float* start, int capacity, int heads, int headDim)
{
    private readonly float* keys = start + ((long)capacity * heads * headDim);

    public int HeadDim => headDim;

    public int LanesOf(int block) => Math.Min(SimdBlock.Lanes, capacity - (block * SimdBlock.Lanes));

    public float* Keys(int block, int head) =>
        keys + ((long)block * SimdBlock.Lanes * heads * headDim) + ((long)head * headDim * LanesOf(block));

    public float* Value(int row, int head) => start + ((((long)row * heads) + head) * headDim);

    /// <summary>Whether a vector that starts at any value lies within the cache: behind the values come the keys.</summary>
    public bool CanReadBeyondValues => (long)capacity * heads * headDim >= SimdBlock.Lanes;

    public long ValueStride => (long)heads * headDim;
}
