using Goodhart.Engine;
using Goodhart.Engine.Ops;

namespace Goodhart.Models.Llama;

/// <summary>Llama and its kin: RMS norms, grouped queries, rotary embedding of whole heads, SwiGLU.</summary>
/// <remarks>Semantics of transformers' modeling_llama.py, _mistral, _qwen2, _qwen3 and _olmo2; tensor names and shapes are those of their
/// checkpoints. In the last layer only the plan's head rows ask and go on.</remarks>
public sealed class LlamaModel : LanguageModel
{
    private readonly LlamaConfig config;
    private readonly LlamaLayer[] layers;

    /// <inheritdoc cref="LanguageModel(IDevice, ModelConfig, ModelWeights)"/>
    public LlamaModel(IDevice device, LlamaConfig config, ModelWeights weights)
        : base(device, config, weights)
    {
        this.config = config;
        layers = [.. Enumerable.Range(0, config.Layers).Select(i => new LlamaLayer(config, weights, i))];
    }

    private protected override Tensor Run(Tape tape, IAttentionContext context)
    {
        Tensor x = RunLayers(
            tape, context, layers.Length, (part, input, i) => layers[i].Run(part, input, context, isLast: i == layers.Length - 1));
        return tape.RmsNorm(x, Parameters[LlamaTensorNames.FinalNorm], config.NormEpsilon);
    }
}
