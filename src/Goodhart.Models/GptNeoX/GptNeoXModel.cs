using Goodhart.Engine;
using Goodhart.Engine.Ops;
using Goodhart.Models.HuggingFace;

namespace Goodhart.Models.GptNeoX;

/// <summary>GPT-NeoX (Pythia), exactly: parallel or sequential residual, partial rotary embedding, optional biases, tied or untied head.</summary>
/// <remarks>
/// <para>Semantics of transformers' modeling_gpt_neox.py; tensor names and shapes are those of its checkpoints.</para>
/// <para>In the last layer only the plan's head rows ask and go on: the other rows supply keys and values and nothing else.</para>
/// </remarks>
public sealed class GptNeoXModel : LanguageModel
{
    private readonly GptNeoXLayer[] layers;
    private readonly FirstLayerTable? firstLayer;
    private readonly IArena? tiedGradient;

    /// <param name="training">Whether to hold gradients too.</param>
    public GptNeoXModel(IDevice device, GptNeoXConfig config, bool training)
        : base(device, new ParameterSet(device, Layout(config), training))
    {
        Config = config;
        layers = [.. Enumerable.Range(0, config.Layers).Select(i => new GptNeoXLayer(config, Parameters, i))];
        firstLayer = FirstLayerTable.Pays(config) ? new FirstLayerTable(device, Parameters, Embedding, layers[0]) : null;
        Unembedding = config.TiedEmbeddings
            ? Embedding
            : Parameters[config.Head == OutputHead.Score ? GptNeoXTensorNames.Score : GptNeoXTensorNames.EmbedOut];
        if (config.TiedEmbeddings && training)
        {
            // The two uses of a tied weight accumulate apart: in one buffer they would take turns micro-batch by micro-batch, and how a
            // batch is cut would change bits.
            tiedGradient = device.CreateArena("tied head gradient", (long)Unembedding.Value.Count * sizeof(float));
            Unembedding = Embedding with { Gradient = tiedGradient.Allocate(Embedding.Value.Rows, Embedding.Value.Cols) };
        }
    }

    public GptNeoXConfig Config { get; }

    public override int VocabularySize => Config.VocabSize;

    public override int MaxPositions => Config.MaxPositions;

    public override Parameter Unembedding { get; }

    public override long NonEmbeddingCount =>
        Parameters.Count - Embedding.Value.Count - (Config.TiedEmbeddings ? 0 : Unembedding.Value.Count);

    private Parameter Embedding => Parameters[GptNeoXTensorNames.EmbedIn];

    public override void ZeroGradients()
    {
        base.ZeroGradients();
        firstLayer?.Forget();
        if (tiedGradient is not null)
        {
            Device.Ops.Zero(Unembedding.Gradient);
        }
    }

    public override void CompleteGradients()
    {
        firstLayer?.Backward();
        if (tiedGradient is not null)
        {
            Device.Ops.AddTo(Unembedding.Gradient, Embedding.Gradient);
        }
    }

    public override void Dispose()
    {
        tiedGradient?.Dispose();
        firstLayer?.Dispose();
        base.Dispose();
        GC.SuppressFinalize(this);
    }

    public override Tensor Hidden(Tape tape, IPlan plan) => Run(tape, new ForestContext(plan, Config.Heads, cache: null, default));

    public override IDecodeCache CreateCache(int rows) => new GptNeoXCache(Device, Config, rows);

    public override Tensor Prefill(Tape tape, IPlan plan, IDecodeCache cache, Mat cacheRows) =>
        Run(tape, new ForestContext(plan, Config.Heads, (GptNeoXCache)cache, cacheRows));

    public override Tensor Decode(Tape tape, DecodeRows rows, IDecodeCache cache) =>
        Run(tape, new DecodeContext(rows, Config.Heads, (GptNeoXCache)cache));

    private static List<(string Name, int[] Shape)> Layout(GptNeoXConfig config) =>
    [
        .. GptNeoXTensorNames.Expected(config).Select(
            tensor => (tensor.Name, Enumerable.Range(0, tensor.Shape.Rank).Select(i => checked((int)tensor.Shape[i])).ToArray())),
    ];

    private Tensor Run(Tape tape, IAttentionContext context)
    {
        Tensor x = tape.Embed(Embedding, context.Tokens);
        for (int i = 0; i < layers.Length; i++)
        {
            x = i == 0 && firstLayer is not null
                ? layers[i].Run(tape, x, context, firstLayer)
                : layers[i].Run(tape, x, context, isLast: i == layers.Length - 1);
        }

        return tape.LayerNorm(
            x, Parameters[GptNeoXTensorNames.FinalLayerNorm + ".weight"], Parameters[GptNeoXTensorNames.FinalLayerNorm + ".bias"], Config.LayerNormEpsilon);
    }
}
