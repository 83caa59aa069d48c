using Goodhart.Engine;
using Goodhart.Engine.Ops;

namespace Goodhart.Models.GptNeoX;

/// <summary>
/// What the first layer computes of a token alone: its query, key and value before rotation, and, where the residual branches are
/// parallel, its MLP. With a small vocabulary these are computed once per token of the vocabulary and not once per row of a batch;
/// rows look them up, and their gradients add up in row order, over all micro-batches of a batch, before one backward pass.
/// </summary>
/// <remarks>A row's values have the same bits as without the table: every operation in it works row by row.</remarks>
internal sealed class FirstLayerTable(IDevice device, ModelWeights weights, Parameter embedding, GptNeoXLayer layer) : IDisposable
{
    /// <summary>The largest vocabulary for which it pays: a training batch has more rows than this.</summary>
    private const int MostTokens = 512;

    private readonly IArena arena = device.CreateArena("first layer by token", 1 << 20);
    private readonly bool training = !weights.Trained.Gradients.IsEmpty;
    private Tape? tape;
    private long version;
    private Tensor queryKeyValue = new(default);
    private Tensor mlp = new(default);

    /// <summary>
    /// The last layer leaves out rows, and sequential residuals feed the attention to the MLP: there the table does not apply. Nor where
    /// gradients of activations are not float32: a token's are a sum over many rows.
    /// </summary>
    public static bool Pays(GptNeoXConfig config, Precision precision) =>
        config.VocabSize <= MostTokens && config.ParallelResidual && config.Layers > 1 && precision.Storage == DType.F32;

    /// <summary>[V, 3d], of the present parameters.</summary>
    public Tensor QueryKeyValue
    {
        get
        {
            Refresh();
            return queryKeyValue;
        }
    }

    /// <summary>[V, d].</summary>
    public Tensor Mlp
    {
        get
        {
            Refresh();
            return mlp;
        }
    }

    /// <summary>Begins a batch: forgets gradients.</summary>
    public void Forget() => tape = null;

    /// <summary>Ends a batch: carries what rows have added up on to the parameters.</summary>
    public void Backward()
    {
        tape?.Backward();
        Forget();
    }

    public void Dispose() => arena.Dispose();

    private void Refresh()
    {
        if (tape is not null && version == weights.Version)
        {
            return;
        }

        arena.Reset();
        version = weights.Version;
        tape = new Tape(device, arena, training);
        Tensor x = tape.Embed(embedding, device.UploadI32(arena, [.. Enumerable.Range(0, embedding.Value.Rows)]));
        queryKeyValue = layer.QueryKeyValue(tape, x);
        mlp = layer.Mlp(tape, x, addend: null);
        if (training)
        {
            tape.SeedZero(queryKeyValue);
            tape.SeedZero(mlp);
        }
    }
}
