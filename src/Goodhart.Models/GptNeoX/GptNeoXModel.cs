using Goodhart.Engine;
using Goodhart.Engine.Ops;

namespace Goodhart.Models.GptNeoX;

/// <summary>
/// GPT-NeoX (Pythia), exactly: parallel or sequential residual, partial rotary embedding, optional biases, tied or untied head.
/// </summary>
/// <remarks>
/// <para>Semantics of transformers' modeling_gpt_neox.py; tensor names and shapes are those of its checkpoints.</para>
/// <para>In the last layer only the plan's head rows ask and go on: the other rows supply keys and values and nothing else.</para>
/// </remarks>
public sealed class GptNeoXModel : LanguageModel
{
    private readonly GptNeoXConfig config;
    private readonly GptNeoXLayer[] layers;
    private readonly FirstLayerTable? firstLayer;

    /// <inheritdoc cref="LanguageModel(IDevice, ModelConfig, ModelWeights)"/>
    public GptNeoXModel(IDevice device, GptNeoXConfig config, ModelWeights weights)
        : base(device, config, weights)
    {
        this.config = config;
        layers = [.. Enumerable.Range(0, config.Layers).Select(i => new GptNeoXLayer(config, weights, i))];
        firstLayer = FirstLayerTable.Pays(config, device.Info.Precision)
            ? new FirstLayerTable(device, weights, Embedding, layers[0])
            : null;
    }

    public override void ZeroGradients()
    {
        base.ZeroGradients();
        firstLayer?.Forget();
    }

    public override void CompleteGradients()
    {
        firstLayer?.Backward();
        base.CompleteGradients();
    }

    public override void Dispose()
    {
        firstLayer?.Dispose();
        base.Dispose();
        GC.SuppressFinalize(this);
    }

    private protected override Tensor Run(Tape tape, IAttentionContext context)
    {
        Tensor x = RunLayers(tape, context, layers.Length, (part, input, i) => i == 0 && firstLayer is not null
            ? layers[i].Run(part, input, context, firstLayer)
            : layers[i].Run(part, input, context, isLast: i == layers.Length - 1));
        return tape.LayerNorm(
            x, Parameters[GptNeoXTensorNames.FinalLayerNorm + ".weight"], Parameters[GptNeoXTensorNames.FinalLayerNorm + ".bias"],
            config.LayerNormEpsilon);
    }
}
