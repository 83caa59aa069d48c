using System.Text.Json.Nodes;
using Goodhart.Engine;
using Goodhart.Models.HuggingFace;
using Goodhart.Models.Safetensors;

namespace Goodhart.Models.Llama;

/// <summary>The shape and constants of a Llama-like model: Llama, Mistral, Qwen2, Qwen3, OLMo 2.</summary>
public sealed record LlamaConfig : ModelConfig
{
    public required LlamaFamily Family { get; init; }

    /// <summary>Heads that hold keys and values; a group of consecutive query heads shares each.</summary>
    public required int SharedHeads { get; init; }

    /// <summary>Dimensions per head; heads · this need not be the hidden size.</summary>
    public required int HeadDim { get; init; }

    public double RotaryBase { get; init; } = 10000;

    public RotaryScaling? Scaling { get; init; }

    /// <summary>Added to the mean square, inside the root.</summary>
    public double NormEpsilon { get; init; } = 1e-6;

    /// <summary>Biases of queries, keys, values and output (<c>attention_bias</c>).</summary>
    public bool AttentionBias { get; init; }

    public bool MlpBias { get; init; }

    /// <summary>A row sees itself and the window − 1 tokens before it; 0: all before it.</summary>
    public int Window { get; init; }

    /// <summary>The first layer with that window.</summary>
    public int FirstWindowLayer { get; init; }

    public override string ModelType => Family.ModelType;

    public override int KeyValueHeads => SharedHeads;

    public override int HeadSize => HeadDim;

    public override string EmbeddingName => LlamaTensorNames.Embedding;

    public override string HeadName =>
        Head == OutputHead.Score ? LlamaTensorNames.Score : TiedEmbeddings ? LlamaTensorNames.Embedding : UntiedHeadName;

    public override string UntiedHeadName => LlamaTensorNames.Head;

    /// <summary>Do queries, keys and values have biases?</summary>
    public bool HasInputBias => AttentionBias || Family.QueryKeyValueBias;

    /// <summary>The window of a layer; 0: none.</summary>
    public int WindowOf(int layer) => layer >= FirstWindowLayer ? Window : 0;

    public override IReadOnlyList<TensorSpec> Tensors() => LlamaTensorNames.Expected(this);

    public override bool IsBuffer(string tensor) => tensor.EndsWith("rotary_emb.inv_freq", StringComparison.Ordinal);

    public override bool AddsToResidual(string tensor) =>
        tensor.EndsWith("self_attn.o_proj.weight", StringComparison.Ordinal)
            || tensor.EndsWith("mlp.down_proj.weight", StringComparison.Ordinal);

    public override string ClassName(OutputHead head) =>
        Family.ClassPrefix + (head == OutputHead.Score ? "ForSequenceClassification" : "ForCausalLM");

    public override IReadOnlyList<string> UsualAdapterTargets => ["q_proj", "v_proj"];

    public override LanguageModel Create(IDevice device, ModelWeights weights) => new LlamaModel(device, this, weights);

    public override PlainModel CreatePlain(Func<string, float[]> weight) => new PlainLlama(this, weight);

    public override LlamaConfig Validate(string source)
    {
        ConfigChecks check = new(source);
        check.Common(this);
        check.Positive("num_key_value_heads", SharedHeads);
        check.Positive("head_dim", HeadDim);
        check.Require(Heads % SharedHeads == 0, "num_key_value_heads", $"a divisor of num_attention_heads ({Heads})", SharedHeads);
        check.Require(HeadDim % 2 == 0, "head_dim", "an even number: its dimensions rotate in pairs", HeadDim);
        check.PositiveNumber("rope_theta", RotaryBase);
        check.PositiveNumber("rms_norm_eps", NormEpsilon);
        check.Require(Window >= 0, "sliding_window", "null or a whole number > 0", Window);
        return this;
    }

    /// <summary>In the spelling of transformers 4, which version 5 still reads, with every key that has a default.</summary>
    internal override JsonObject ToJson(string dtype)
    {
        JsonObject json = new()
        {
            ["architectures"] = new JsonArray(ClassName(Head)),
            ["attention_bias"] = AttentionBias,
            ["bos_token_id"] = BosTokenId,
            ["eos_token_id"] = EosJson(),
            ["head_dim"] = HeadDim,
            ["hidden_act"] = "silu",
            ["hidden_size"] = HiddenSize,
            ["initializer_range"] = InitializerRange,
            ["intermediate_size"] = IntermediateSize,
            ["max_position_embeddings"] = MaxPositions,
            ["mlp_bias"] = MlpBias,
            ["model_type"] = ModelType,
            ["num_attention_heads"] = Heads,
            ["num_hidden_layers"] = Layers,
            ["num_key_value_heads"] = SharedHeads,
            ["pad_token_id"] = PadTokenId,
            ["rms_norm_eps"] = NormEpsilon,
            ["rope_scaling"] = Scaling is null ? null : LlamaRotary.ToJson(Scaling),
            ["rope_theta"] = RotaryBase,
            ["sliding_window"] = Window == 0 ? null : Window,
            ["tie_word_embeddings"] = TiedEmbeddings,
            ["torch_dtype"] = dtype,
            ["vocab_size"] = VocabSize,
        };
        if (Family.Windows == LlamaWindows.ByFlag)
        {
            json["max_window_layers"] = Window == 0 ? Layers : FirstWindowLayer;
            json["use_sliding_window"] = Window > 0;
        }

        return json;
    }
}
