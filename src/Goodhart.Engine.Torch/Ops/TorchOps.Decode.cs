using Goodhart.Engine.Torch.Calls;

namespace Goodhart.Engine.Torch.Ops;

/// <content>The cache: a row per token, all its keys and then all its values.</content>
internal sealed partial class TorchOps
{
    public void KvAppend(Heads keys, Heads values, Mat cacheRows, Mat cache)
    {
        const string Name = nameof(KvAppend);
        keys.Require(Name);
        values.Require(Name);
        ShapeException.Require(
            values.Count == keys.Count && values.Dim == keys.Dim && values.Rows == keys.Rows,
            Name,
            FormattableString.Invariant($"values of {keys.Rows} rows, {keys.Count} heads of {keys.Dim} columns"),
            values.Mat);
        RequireCache(keys.Count, keys.Dim, cache, Name);
        RequireTable(cacheRows, keys.Rows, 1, Name);
        RequireIndices(cacheRows, cache.Rows, Name);
        if (keys.Rows == 0)
        {
            return;
        }

        using Aten.Scope scope = aten.Open();
        TorchTensor rows = aten.Long(Vector(cacheRows));
        aten.Call("aten::index_copy_"u8, ""u8, memory.View(Cached(cache, keys.Count, keys.Dim, 0)), 0L, rows, memory.View(keys));
        aten.Call("aten::index_copy_"u8, ""u8, memory.View(Cached(cache, keys.Count, keys.Dim, 1)), 0L, rows, memory.View(values));
    }

    public void DecodeAttention(Heads queries, int keyValueHeads, Mat cache, Mat ranges, int window, Mat y)
    {
        const string Name = nameof(DecodeAttention);
        queries.Require(Name);
        ShapeException.Require(
            keyValueHeads > 0 && queries.Count % keyValueHeads == 0 && window >= 0,
            Name,
            FormattableString.Invariant($"a number of heads that {keyValueHeads} divides"),
            queries.Mat);
        RequireCache(keyValueHeads, queries.Dim, cache, Name);
        RequireTable(ranges, queries.Rows, 4, Name);
        ShapeException.Require(
            y.Rows == queries.Rows && y.Cols == queries.Width,
            Name,
            FormattableString.Invariant($"y [{queries.Rows}, {queries.Width}]"),
            y);
        if (queries.Rows == 0)
        {
            return;
        }

        SeenRows seen = SeenRows.Of(memory.Indices(ranges), cache.Rows, window);
        (int n, int longest, int dim) = (queries.Rows, seen.Longest, queries.Dim);
        int group = queries.Count / keyValueHeads;
        using Aten.Scope scope = aten.Open();
        TorchTensor rows = OnDevice(seen.Rows, aten.Imports.I32, n * longest);
        TorchTensor mask = OnDevice(seen.Mask, aten.Imports.F32, n, 1, 1, longest);

        // [n, key-value heads, queries of the group, dim] against [n, key-value heads, longest, dim].
        TorchTensor q = aten.Reshape(aten.Mul(memory.View(queries), Math.Pow(dim, -0.5)), n, keyValueHeads, group, dim);
        TorchTensor scores = aten.Add(aten.Matmul(q, aten.Transpose(Seen(0), 2, 3)), mask);
        TorchTensor output = aten.Matmul(aten.Call("aten::_softmax"u8, ""u8, scores, 3L, false), Seen(1));
        aten.Copy(View(y), aten.Reshape(output, n, queries.Width));

        TorchTensor Seen(int part)
        {
            TorchTensor all = aten.IndexSelect(memory.View(Cached(cache, keyValueHeads, dim, part)), rows);
            return aten.Transpose(aten.Reshape(all, n, longest, keyValueHeads, dim), 1, 2);
        }
    }

    /// <summary>The keys (part 0) or the values (part 1) of a cache.</summary>
    private static Heads Cached(Mat cache, int heads, int dim, int part) => new(cache, part * heads * dim, dim, heads, dim);

    private static void RequireCache(int heads, int dim, Mat cache, string operation) => ShapeException.Require(
        cache.Cols == 2 * heads * dim && cache.Ld == cache.Cols && cache.Type == DType.F32,
        operation,
        FormattableString.Invariant($"a contiguous cache [capacity, {2 * heads * dim}] F32"),
        cache);

    /// <summary>A copy of host values; freed with the operation.</summary>
    private unsafe TorchTensor OnDevice<T>(T[] values, int type, params ReadOnlySpan<long> sizes)
        where T : unmanaged
    {
        TorchTensor staged = aten.IsHost ? aten.New(type, sizes) : aten.NewPinned(type, sizes);
        values.CopyTo(new Span<T>(aten.Data(staged), values.Length));
        if (aten.IsHost)
        {
            return staged;
        }

        TorchTensor copy = aten.New(type, sizes);
        aten.Copy(copy, staged, waits: false);
        return copy;
    }
}
