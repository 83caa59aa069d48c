using System.Text.Json.Nodes;
using Goodhart.Engine;
using Goodhart.Models.HuggingFace;
using Goodhart.Models.Safetensors;

namespace Goodhart.Models.GptNeoX;

/// <summary>The shape and constants of a GPT-NeoX model.</summary>
/// <remarks>
/// Defaults are those of transformers' configuration class where a file may leave a key out. Dropout keys have no place here:
/// policies are trained without dropout.
/// </remarks>
public sealed record GptNeoXConfig : ModelConfig
{
    internal const string Type = "gpt_neox";

    public GptNeoXConfig() => (BosTokenId, EosTokenId) = (0, 2);   // Pythia's EOS is 0: a file that leaves it out means 2

    /// <summary>Share of each head's dimensions that rotate.</summary>
    public double RotaryFraction { get; init; } = 0.25;

    /// <summary>Base of the rotary angles' geometric series.</summary>
    public double RotaryBase { get; init; } = 10000;

    /// <summary>Added to the variance, inside the root.</summary>
    public double LayerNormEpsilon { get; init; } = 1e-5;

    public Activation Activation { get; init; } = Activation.Gelu;

    /// <summary>x + attn(ln1(x)) + mlp(ln2(x)) when true; y = x + attn(ln1(x)), y + mlp(ln2(y)) when false.</summary>
    public bool ParallelResidual { get; init; } = true;

    /// <summary>Do the attention's two linear layers have biases?</summary>
    public bool AttentionBias { get; init; } = true;

    public override string ModelType => Type;

    public override int KeyValueHeads => Heads;

    public override int HeadSize => HiddenSize / Heads;

    public override string EmbeddingName => GptNeoXTensorNames.EmbedIn;

    public override string HeadName =>
        Head == OutputHead.Score ? GptNeoXTensorNames.Score : TiedEmbeddings ? GptNeoXTensorNames.EmbedIn : UntiedHeadName;

    public override string UntiedHeadName => GptNeoXTensorNames.EmbedOut;

    /// <summary>Dimensions per head that rotate: the first ones, j paired with j + half.</summary>
    public int RotaryDims => (int)(HeadSize * RotaryFraction);

    public override IReadOnlyList<TensorSpec> Tensors() => GptNeoXTensorNames.Expected(this);

    public override bool IsBuffer(string tensor) => GptNeoXTensorNames.IsLegacyBuffer(tensor);

    public override bool AddsToResidual(string tensor) =>
        tensor.EndsWith("attention.dense.weight", StringComparison.Ordinal)
            || tensor.EndsWith("mlp.dense_4h_to_h.weight", StringComparison.Ordinal);

    public override string ClassName(OutputHead head) =>
        head == OutputHead.Score ? "GPTNeoXForSequenceClassification" : "GPTNeoXForCausalLM";

    public override IReadOnlyList<string> UsualAdapterTargets => ["query_key_value"];

    public override LanguageModel Create(IDevice device, ModelWeights weights) => new GptNeoXModel(device, this, weights);

    public override PlainModel CreatePlain(Func<string, float[]> weight) => new PlainGptNeoX(this, weight);

    public override GptNeoXConfig Validate(string source)
    {
        ConfigChecks check = new(source);
        check.Common(this);
        check.Require(HiddenSize % Heads == 0, "hidden_size", $"a multiple of num_attention_heads ({Heads})", HiddenSize);
        check.Require(RotaryFraction is > 0 and <= 1, "rotary_pct", "a share in (0, 1]", RotaryFraction);
        check.Require(
            RotaryDims >= 2 && RotaryDims % 2 == 0,
            "rotary_pct",
            $"an even number of rotating dimensions, at least 2, of the {HeadSize} per head",
            FormattableString.Invariant($"{RotaryFraction}, that is {RotaryDims}"));
        check.PositiveNumber("rotary_emb_base", RotaryBase);
        check.PositiveNumber("layer_norm_eps", LayerNormEpsilon);
        return this;
    }

    /// <summary>In the spelling of transformers 4, which version 5 still reads.</summary>
    internal override JsonObject ToJson(string dtype) => new()
    {
        ["architectures"] = new JsonArray(ClassName(Head)),
        ["attention_bias"] = AttentionBias,
        ["bos_token_id"] = BosTokenId,
        ["eos_token_id"] = EosJson(),
        ["hidden_act"] = Activation == Activation.GeluNew ? "gelu_new" : "gelu",
        ["hidden_size"] = HiddenSize,
        ["initializer_range"] = InitializerRange,
        ["intermediate_size"] = IntermediateSize,
        ["layer_norm_eps"] = LayerNormEpsilon,
        ["max_position_embeddings"] = MaxPositions,
        ["model_type"] = ModelType,
        ["num_attention_heads"] = Heads,
        ["num_hidden_layers"] = Layers,
        ["pad_token_id"] = PadTokenId,
        ["rotary_emb_base"] = RotaryBase,
        ["rotary_pct"] = RotaryFraction,
        ["tie_word_embeddings"] = TiedEmbeddings,
        ["torch_dtype"] = dtype,
        ["use_parallel_residual"] = ParallelResidual,
        ["vocab_size"] = VocabSize,
    };
}
