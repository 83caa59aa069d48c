using System.Text.Json.Nodes;
using Goodhart.Engine;
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
        Head == OutputHead.Score ? GptNeoXTensorNames.Score : TiedEmbeddings ? GptNeoXTensorNames.EmbedIn : GptNeoXTensorNames.EmbedOut;

    /// <summary>Dimensions per head that rotate: the first ones, j paired with j + half.</summary>
    public int RotaryDims => (int)(HeadSize * RotaryFraction);

    public override IReadOnlyList<TensorSpec> Tensors() => GptNeoXTensorNames.Expected(this);

    public override bool IsBuffer(string tensor) => GptNeoXTensorNames.IsLegacyBuffer(tensor);

    public override bool AddsToResidual(string tensor) =>
        tensor.EndsWith("attention.dense.weight", StringComparison.Ordinal) || tensor.EndsWith("mlp.dense_4h_to_h.weight", StringComparison.Ordinal);

    public override string ClassName(OutputHead head) =>
        head == OutputHead.Score ? "GPTNeoXForSequenceClassification" : "GPTNeoXForCausalLM";

    public override LanguageModel Create(IDevice device, bool training) => new GptNeoXModel(device, this, training);

    public override PlainModel CreatePlain(Func<string, float[]> weight) => new PlainGptNeoX(this, weight);

    public override GptNeoXConfig Validate(string source)
    {
        Positive("vocab_size", VocabSize);
        Positive("hidden_size", HiddenSize);
        Positive("num_hidden_layers", Layers);
        Positive("num_attention_heads", Heads);
        Positive("intermediate_size", IntermediateSize);
        Positive("max_position_embeddings", MaxPositions);
        Require(HiddenSize % Heads == 0, "hidden_size", $"a multiple of num_attention_heads ({Heads})", HiddenSize);
        Require(RotaryFraction is > 0 and <= 1, "rotary_pct", "a share in (0, 1]", RotaryFraction);
        Require(
            RotaryDims >= 2 && RotaryDims % 2 == 0,
            "rotary_pct",
            $"an even number of rotating dimensions, at least 2, of the {HeadSize} per head",
            FormattableString.Invariant($"{RotaryFraction}, that is {RotaryDims}"));
        Require(Head == OutputHead.Language || !TiedEmbeddings, "tie_word_embeddings", "false for a model with one score", TiedEmbeddings);
        Require(RotaryBase > 0 && double.IsFinite(RotaryBase), "rotary_emb_base", "a finite number > 0", RotaryBase);
        Require(LayerNormEpsilon > 0 && double.IsFinite(LayerNormEpsilon), "layer_norm_eps", "a finite number > 0", LayerNormEpsilon);
        Require(
            InitializerRange >= 0 && double.IsFinite(InitializerRange), "initializer_range", "a finite number >= 0", InitializerRange);
        Token("bos_token_id", BosTokenId);
        Token("eos_token_id", EosTokenId);
        Token("pad_token_id", PadTokenId);
        return this;

        void Positive(string key, int value) => Require(value > 0, key, "a whole number > 0", value);

        void Token(string key, int? id) => Require(
            id is null || (id >= 0 && id < VocabSize), key, $"null or a token id below vocab_size ({VocabSize})", id ?? 0);

        void Require(bool condition, string key, string expected, object found)
        {
            if (!condition)
            {
                throw new InvalidDataException(FormattableString.Invariant($"{source}: {key}: expected {expected}, found {found}."));
            }
        }
    }

    /// <summary>In the spelling of transformers 4, which version 5 still reads.</summary>
    internal override JsonObject ToJson(string dtype) => new()
    {
        ["architectures"] = new JsonArray(ClassName(Head)),
        ["attention_bias"] = AttentionBias,
        ["bos_token_id"] = BosTokenId,
        ["eos_token_id"] = EosTokenId,
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
