using Goodhart.Engine;
using Goodhart.Engine.Ops;

namespace Goodhart.Models.GptNeoX;

/// <summary>What differs between running a forest and decoding one token: which rows there are and what they see.</summary>
internal interface IAttentionContext
{
    Mat Tokens { get; }

    Mat Positions { get; }

    Tensor Attend(Tape tape, int layer, Tensor qkv, bool isLast);

    /// <summary>The rows of the residual stream that go on after the attention.</summary>
    Tensor Continue(Tape tape, Tensor x, bool isLast);
}

internal sealed class ForestContext(IPlan plan, int heads, GptNeoXCache? cache, Mat cacheRows) : IAttentionContext
{
    public Mat Tokens => plan.Tokens;

    public Mat Positions => plan.Positions;

    public Tensor Attend(Tape tape, int layer, Tensor qkv, bool isLast)
    {
        if (cache is not null)
        {
            tape.Ops.KvAppend(qkv.Value, heads, cacheRows, cache.Layer(layer));
        }

        return tape.Attention(plan, IsPruned(isLast) ? Queries.HeadRows : Queries.All, qkv, heads);
    }

    public Tensor Continue(Tape tape, Tensor x, bool isLast) => IsPruned(isLast) ? tape.GatherRows(x, plan.HeadRows) : x;

    private bool IsPruned(bool isLast) => isLast && plan.HeadRows.Rows < plan.Tokens.Rows;
}

internal sealed class DecodeContext(DecodeRows rows, int heads, GptNeoXCache cache) : IAttentionContext
{
    public Mat Tokens => rows.Tokens;

    public Mat Positions => rows.Positions;

    public Tensor Attend(Tape tape, int layer, Tensor qkv, bool isLast)
    {
        tape.Ops.KvAppend(qkv.Value, heads, rows.CacheRows, cache.Layer(layer));
        Tensor y = new(tape.Allocate(qkv.Value.Rows, qkv.Value.Cols / 3));
        tape.Ops.DecodeAttention(qkv.Value, heads, cache.Layer(layer), rows.Ranges, y.Value);
        return y;
    }

    public Tensor Continue(Tape tape, Tensor x, bool isLast) => x;
}

/// <summary>Keys and values of every layer, one row per token.</summary>
internal sealed class GptNeoXCache : IDecodeCache
{
    private readonly IArena arena;
    private readonly Mat[] layers;

    public GptNeoXCache(IDevice device, GptNeoXConfig config, int rows)
    {
        arena = device.CreateArena("key-value cache", (long)rows * 2 * config.HiddenSize * sizeof(float) * config.Layers);
        layers = [.. Enumerable.Range(0, config.Layers).Select(_ => arena.Allocate(rows, 2 * config.HiddenSize))];
    }

    public Mat Layer(int index) => layers[index];

    public void Dispose() => arena.Dispose();
}
