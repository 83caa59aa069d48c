using Goodhart.Models.HuggingFace;

namespace Goodhart.Models.GptNeoX;

/// <summary>
/// Reads <c>config.json</c> as transformers 4 spells it (rotary_pct, rotary_emb_base) and as version 5 does (rope_parameters).
/// </summary>
internal static class GptNeoXConfigReader
{
    /// <exception cref="InvalidDataException">An unsupported variant, a missing or impossible value.</exception>
    public static GptNeoXConfig Read(ConfigFields fields)
    {
        ConfigFields? rope = fields.Object("rope_parameters");
        RefuseScaling(rope);
        RefuseScaling(fields.Object("rope_scaling"));
        int[] ends = fields.TokenIds("eos_token_id", absent: 2);
        return new GptNeoXConfig
        {
            VocabSize = fields.RequiredInt("vocab_size"),
            HiddenSize = fields.RequiredInt("hidden_size"),
            Layers = fields.RequiredInt("num_hidden_layers"),
            Heads = fields.RequiredInt("num_attention_heads"),
            IntermediateSize = fields.RequiredInt("intermediate_size"),
            MaxPositions = fields.OptionalInt("max_position_embeddings") ?? 2048,
            RotaryFraction = ConfigFields.Same((rope, "partial_rotary_factor"), (fields, "partial_rotary_factor"), (fields, "rotary_pct"))
                ?? 0.25,
            RotaryBase = ConfigFields.Same((rope, "rope_theta"), (fields, "rope_theta"), (fields, "rotary_emb_base")) ?? 10000,
            LayerNormEpsilon = fields.Number("layer_norm_eps") ?? 1e-5,
            Activation = ReadActivation(fields),
            ParallelResidual = fields.Flag("use_parallel_residual") ?? true,
            TiedEmbeddings = fields.Flag("tie_word_embeddings") ?? false,
            AttentionBias = fields.Flag("attention_bias") ?? true,
            InitializerRange = fields.Number("initializer_range") ?? 0.02,
            BosTokenId = fields.TokenId("bos_token_id", absent: 0),
            EosTokenId = ends.Length == 0 ? null : ends[0],
            FurtherEosTokenIds = ends.Length > 1 ? ends[1..] : [],
            PadTokenId = fields.PadId(),
            Head = fields.Head(),
        };
    }

    private static Activation ReadActivation(ConfigFields fields) => fields.Text("hidden_act") switch
    {
        null or "gelu" => Activation.Gelu,
        "gelu_new" or "gelu_fast" or "gelu_pytorch_tanh" => Activation.GeluNew,
        string other => throw fields.Refuse("hidden_act", "gelu, gelu_new, gelu_fast or gelu_pytorch_tanh", $"'{other}'"),
    };

    private static void RefuseScaling(ConfigFields? rope)
    {
        foreach (string key in (string[])["rope_type", "type"])
        {
            if (rope?.Text(key) is { } type && type != "default")
            {
                throw rope.Refuse(key, "'default' (rotary scaling is not supported)", $"'{type}'");
            }
        }
    }
}
