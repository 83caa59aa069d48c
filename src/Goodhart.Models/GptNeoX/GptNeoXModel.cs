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

    /// <param name="training">Whether to hold gradients too.</param>
    public GptNeoXModel(IDevice device, GptNeoXConfig config, bool training)
        : base(device, new ParameterSet(device, GptNeoXTensorNames.Expected(config), training))
    {
        Config = config;
        layers = [.. Enumerable.Range(0, config.Layers).Select(i => new GptNeoXLayer(config, Parameters, i))];
    }

    public GptNeoXConfig Config { get; }

    public override int VocabularySize => Config.VocabularySize;

    public override int MaxPositions => Config.MaxPositions;

    public override Parameter Unembedding => Config.TiedEmbeddings ? Embedding : Parameters["embed_out.weight"];

    public override long NonEmbeddingCount =>
        Parameters.Count - Embedding.Value.Count - (Config.TiedEmbeddings ? 0 : Unembedding.Value.Count);

    private Parameter Embedding => Parameters["gpt_neox.embed_in.weight"];

    public override Tensor Hidden(Tape tape, IPlan plan) => Run(tape, new ForestContext(plan, Config.Heads, cache: null, default));

    public override IDecodeCache CreateCache(int rows) => new GptNeoXCache(Device, Config, rows);

    public override Tensor Prefill(Tape tape, IPlan plan, IDecodeCache cache, Mat cacheRows) =>
        Run(tape, new ForestContext(plan, Config.Heads, (GptNeoXCache)cache, cacheRows));

    public override Tensor Decode(Tape tape, DecodeRows rows, IDecodeCache cache) =>
        Run(tape, new DecodeContext(rows, Config.Heads, (GptNeoXCache)cache));

    private Tensor Run(Tape tape, IAttentionContext context)
    {
        Tensor x = tape.Embed(Embedding, context.Tokens);
        for (int i = 0; i < layers.Length; i++)
        {
            x = layers[i].Run(tape, x, context, isLast: i == layers.Length - 1);
        }

        return tape.LayerNorm(
            x, Parameters["gpt_neox.final_layer_norm.weight"], Parameters["gpt_neox.final_layer_norm.bias"], Config.LayerNormEps);
    }
}
