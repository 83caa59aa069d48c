using Goodhart.Engine;
using Goodhart.Engine.Ops;

namespace Goodhart.Models;

/// <summary>What differs between running a forest and decoding one token: which rows there are and what they see.</summary>
internal interface IAttentionContext
{
    Mat Tokens { get; }

    Mat Positions { get; }

    /// <summary>Positions of the rows that <see cref="Continue"/> leaves.</summary>
    /// <param name="isLast">Whether it is the last layer, in which only head rows ask.</param>
    Mat AskingPositions(bool isLast);

    /// <param name="query">Of all rows, or of those that ask.</param>
    /// <param name="window">A row sees itself and the window − 1 tokens before it; 0: all before it.</param>
    /// <returns>[rows that ask, heads·dim].</returns>
    Tensor Attend(Tape tape, int layer, HeadTensor query, HeadTensor key, HeadTensor value, bool isLast, int window = 0);

    /// <summary>The rows of the residual stream that go on after the attention.</summary>
    Tensor Continue(Tape tape, Tensor x, bool isLast);
}

internal sealed class ForestContext(IPlan plan, KeyValueCache? cache = null, Mat cacheRows = default) : IAttentionContext
{
    public Mat Tokens => plan.Tokens;

    public Mat Positions => plan.Positions;

    public Mat AskingPositions(bool isLast) => IsPruned(isLast) ? plan.HeadPositions : plan.Positions;

    public Tensor Attend(Tape tape, int layer, HeadTensor query, HeadTensor key, HeadTensor value, bool isLast, int window = 0)
    {
        if (cache is not null)
        {
            tape.Ops.KvAppend(key.Value, value.Value, cacheRows, cache.Layer(layer));
        }

        return tape.Attention(plan, IsPruned(isLast) ? Queries.HeadRows : Queries.All, query, key, value, window);
    }

    public Tensor Continue(Tape tape, Tensor x, bool isLast) => IsPruned(isLast) ? tape.GatherRows(x, plan.HeadRows) : x;

    private bool IsPruned(bool isLast) => isLast && plan.HeadRows.Rows < plan.Tokens.Rows;
}

internal sealed class DecodeContext(DecodeRows rows, KeyValueCache cache) : IAttentionContext
{
    public Mat Tokens => rows.Tokens;

    public Mat Positions => rows.Positions;

    public Mat AskingPositions(bool isLast) => rows.Positions;

    public Tensor Attend(Tape tape, int layer, HeadTensor query, HeadTensor key, HeadTensor value, bool isLast, int window = 0)
    {
        tape.Ops.KvAppend(key.Value, value.Value, rows.CacheRows, cache.Layer(layer));
        Tensor y = new(tape.Allocate(rows.Tokens.Rows, query.Count * query.Dim));
        tape.Ops.DecodeAttention(query.Value, key.Count, cache.Layer(layer), rows.Ranges, window, y.Value);
        return y;
    }

    public Tensor Continue(Tape tape, Tensor x, bool isLast) => x;
}

/// <summary>Keys and values of every layer, one row per token.</summary>
internal sealed class KeyValueCache : IDecodeCache
{
    private readonly IArena arena;
    private readonly Mat[] layers;

    public KeyValueCache(IDevice device, ModelConfig config, int rows)
    {
        arena = device.CreateArena("key-value cache", config.Shape.CacheBytes(rows));
        DType storage = device.Info.Precision.Storage;
        int width = 2 * config.KeyValueHeads * config.HeadSize;
        layers = [.. Enumerable.Range(0, config.Layers).Select(_ => arena.Allocate(rows, width, storage))];
    }

    public Mat Layer(int index) => layers[index];

    public void Dispose() => arena.Dispose();
}
