namespace Goodhart.Engine.Cpu;

/// <summary>
/// The cache: first all values, then all keys, both head by head, so that what one head asks for lies together. Values stand in rows
/// [head][row][dim]. Keys stand in blocks of 16 cache rows, transposed within a block ([head][block][dim][row mod 16], the last block as
/// narrow as what is left), so that scores are computed for 16 keys at once.
/// </summary>
internal sealed unsafe partial class CpuOps
{
    public void KvAppend(Heads keys, Heads values, Mat cacheRows, Mat cache)
    {
        keys.Require(nameof(KvAppend));
        values.Require(nameof(KvAppend));
        ShapeException.Require(
            values.Count == keys.Count && values.Dim == keys.Dim && values.Rows == keys.Rows,
            nameof(KvAppend),
            FormattableString.Invariant($"values of {keys.Rows} rows, {keys.Count} heads of {keys.Dim} columns"),
            values.Mat);
        RequireCache(keys.Count, keys.Dim, cache, nameof(KvAppend));
        RequireTable(cacheRows, keys.Rows, 1, nameof(KvAppend));
        int* target = I(cacheRows);
        CheckIndices(target, keys.Rows, cache.Rows, nameof(KvAppend));
        KvCache kv = new(F(cache), cache.Rows, keys.Count, keys.Dim);
        HeadPointer keySource = Point(keys);
        HeadPointer valueSource = Point(values);
        int headDim = keys.Dim;
        RunRows(keys.Rows, 4 * keys.Width, (start, count) =>
        {
            for (int i = start; i < start + count; i++)
            {
                for (int head = 0; head < keys.Count; head++)
                {
                    float* key = keySource.At(i, head);
                    float* to = kv.Keys(target[i] / SimdBlock.Lanes, head) + (target[i] % SimdBlock.Lanes);
                    int lanes = kv.LanesOf(target[i] / SimdBlock.Lanes);
                    for (int j = 0; j < headDim; j++)
                    {
                        to[(long)j * lanes] = key[j];
                    }

                    new Span<float>(valueSource.At(i, head), headDim).CopyTo(new Span<float>(kv.Value(target[i], head), headDim));
                }
            }
        });
    }

    private static void RequireCache(int heads, int headDim, Mat cache, string operation) => ShapeException.Require(
        cache.Cols == 2 * heads * headDim && cache.Ld == cache.Cols && cache.Type == DType.F32,
        operation,
        FormattableString.Invariant($"a contiguous cache [capacity, {2 * heads * headDim}] F32"),
        cache);
}

/// <summary>Where keys and values are in a cache.</summary>
internal sealed unsafe class KvCache(float* start, int capacity, int heads, int headDim)
{
    private readonly float* keys = start + ((long)capacity * heads * headDim);

    public int HeadDim => headDim;

    public int LanesOf(int block) => Math.Min(SimdBlock.Lanes, capacity - (block * SimdBlock.Lanes));

    public float* Keys(int block, int head) =>
        keys + ((((long)head * capacity) + ((long)block * SimdBlock.Lanes)) * headDim);

    public float* Value(int row, int head) => start + ((((long)head * capacity) + row) * headDim);
}
