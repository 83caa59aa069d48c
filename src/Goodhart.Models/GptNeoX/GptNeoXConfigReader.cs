using System.Globalization;
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
        return new GptNeoXConfig
        {
            VocabSize = fields.RequiredInt("vocab_size"),
            HiddenSize = fields.RequiredInt("hidden_size"),
            Layers = fields.RequiredInt("num_hidden_layers"),
            Heads = fields.RequiredInt("num_attention_heads"),
            IntermediateSize = fields.RequiredInt("intermediate_size"),
            MaxPositions = fields.OptionalInt("max_position_embeddings") ?? 2048,
            RotaryFraction = OneOf(fields, rope, "rotary_pct", "partial_rotary_factor") ?? 0.25,
            RotaryBase = OneOf(fields, rope, "rotary_emb_base", "rope_theta") ?? 10000,
            LayerNormEpsilon = fields.Number("layer_norm_eps") ?? 1e-5,
            Activation = ReadActivation(fields),
            ParallelResidual = fields.Flag("use_parallel_residual") ?? true,
            TiedEmbeddings = fields.Flag("tie_word_embeddings") ?? false,
            AttentionBias = fields.Flag("attention_bias") ?? true,
            InitializerRange = fields.Number("initializer_range") ?? 0.02,
            BosTokenId = fields.TokenId("bos_token_id", absent: 0),
            EosTokenId = fields.TokenId("eos_token_id", absent: 2),
            PadTokenId = fields.TokenId("pad_token_id", absent: null),
            Head = fields.Head(),
        };
    }

    private static Activation ReadActivation(ConfigFields fields) => fields.Text("hidden_act") switch
    {
        null or "gelu" => Activation.Gelu,
        "gelu_new" => Activation.GeluNew,
        string other => throw fields.Refuse("hidden_act", "gelu or gelu_new", $"'{other}'"),
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

    /// <summary>The value under its old key, its new key, or inside rope_parameters; where a file has several they must agree.</summary>
    private static double? OneOf(ConfigFields fields, ConfigFields? rope, string oldKey, string newKey)
    {
        double? result = null;
        foreach (double? found in (double?[])[rope?.Number(newKey), fields.Number(newKey), fields.Number(oldKey)])
        {
            if (result is { } first && found is { } second && first != second)
            {
                throw fields.Refuse(
                    oldKey,
                    string.Create(CultureInfo.InvariantCulture, $"the value of {newKey} ({first}), its other spelling"),
                    second.ToString(CultureInfo.InvariantCulture));
            }

            result ??= found;
        }

        return result;
    }
}
