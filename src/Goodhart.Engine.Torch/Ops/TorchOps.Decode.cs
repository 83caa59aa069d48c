using Goodhart.Engine.Torch.Attention;
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
        aten.PutRows(memory.View(Cached(cache, keys.Count, keys.Dim, 0)), rows, memory.View(keys));
        aten.PutRows(memory.View(Cached(cache, keys.Count, keys.Dim, 1)), rows, memory.View(values));
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

        using Aten.Scope scope = aten.Open();
        See(ranges, cache.Rows, window);
        (int n, int longest, int dim) = (queries.Rows, seen!.Longest, queries.Dim);
        int group = queries.Count / keyValueHeads;

        // Query heads that read one key-value head stand as queries of one sequence: [n, key-value heads, group, dim].
        TorchTensor q = memory.View(
            queries.Mat, [n, keyValueHeads, group, dim], [queries.Mat.Ld, (long)group * queries.Stride, queries.Stride, 1], queries.First);
        TorchTensor result = memory.View(
            y, [n, keyValueHeads, group, dim], [Math.Max(1, y.Ld), (long)group * dim, dim, 1]);
        int each = (int)Math.Clamp(MostSeen / ((long)longest * keyValueHeads * dim), 1, n);
        for (int start = 0; start < n; start += each)
        {
            using Aten.Scope part = aten.Open();
            int count = Math.Min(each, n - start);
            AttentionMask mask = new(aten.Expand(aten.Narrow(seenMask, 0, start, count), count, 1, group, longest));
            TorchTensor rows = aten.Narrow(seenRows, 0, (long)start * longest, (long)count * longest);
            (TorchTensor output, _) = attention.Forward(aten.Narrow(q, 0, start, count), Seen(0), Seen(1), mask);
            aten.Copy(aten.Narrow(result, 0, start, count), output);

            TorchTensor Seen(int half)
            {
                TorchTensor all = aten.IndexSelect(memory.View(Cached(cache, keyValueHeads, dim, half)), rows);
                return aten.Transpose(aten.Reshape(all, count, longest, keyValueHeads, dim), 1, 2);
            }
        }
    }

    /// <summary>Numbers of the cache that are gathered at once, of keys and again of values.</summary>
    internal const int MostSeen = 8 << 20;

    /// <summary>The last ranges, and their rows and mask on the device: all layers of a step read the same.</summary>
    private SeenRows? seen;

    private TorchTensor seenRows;
    private TorchTensor seenMask;

    private void See(Mat ranges, int capacity, int window)
    {
        ReadOnlySpan<int> values = memory.Indices(ranges);
        if (seen is not null && seen.IsOf(values, capacity, window))
        {
            return;
        }

        SeenRows found = SeenRows.Of(values, capacity, window, rules.KeyMultiple);
        ForgetSeen();
        int n = values.Length / 4;
        TorchTensor rows = aten.FromHost(found.Rows, aten.Imports.I32, found.Rows.Length);
        TorchTensor mask = aten.To(aten.FromHost(found.Mask, aten.Imports.F32, n, 1, 1, found.Longest), storage);
        (seen, seenRows, seenMask) = (found, aten.Keep(rows), aten.Keep(mask));
    }

    private void ForgetSeen()
    {
        if (seen is not null)
        {
            aten.Delete(seenRows);
            aten.Delete(seenMask);
            seen = null;
        }
    }

    /// <summary>The keys (part 0) or the values (part 1) of a cache.</summary>
    private static Heads Cached(Mat cache, int heads, int dim, int part) => new(cache, part * heads * dim, dim, heads, dim);

    private static void RequireCache(int heads, int dim, Mat cache, string operation) => ShapeException.Require(
        cache.Cols == 2 * heads * dim && cache.Ld == cache.Cols && cache.Type.IsStorage(),
        operation,
        FormattableString.Invariant($"a contiguous cache [capacity, {2 * heads * dim}] F32 or BF16"),
        cache);
}
