using System.Text.Json.Nodes;
using Goodhart.Models.Safetensors;

namespace Goodhart.Models.HuggingFace;

/// <summary>Writes <c>config.json</c> in the spelling of transformers 4, which version 5 still reads.</summary>
internal static class GptNeoXConfigWriter
{
    /// <summary>Keys that restate what is written here, or that speak of the program and place the source folder came from.</summary>
    private static readonly string[] NotCarried =
        ["dtype", "rope_parameters", "rope_scaling", "rope_theta", "partial_rotary_factor", "transformers_version", "_name_or_path",
            "id2label", "label2id", "num_labels"];

    /// <param name="carried">The source's configuration: its further keys are kept as they are. Null: none.</param>
    public static JsonObject ToJson(GptNeoXConfig config, StorageType type, JsonObject? carried)
    {
        JsonObject json = new()
        {
            ["architectures"] = new JsonArray(OutputHeads.NameOf(config.Head)),
            ["attention_bias"] = config.AttentionBias,
            ["bos_token_id"] = config.BosTokenId,
            ["eos_token_id"] = config.EosTokenId,
            ["hidden_act"] = config.Activation == Activation.GeluNew ? "gelu_new" : "gelu",
            ["hidden_size"] = config.HiddenSize,
            ["initializer_range"] = config.InitializerRange,
            ["intermediate_size"] = config.IntermediateSize,
            ["layer_norm_eps"] = config.LayerNormEpsilon,
            ["max_position_embeddings"] = config.MaxPositions,
            ["model_type"] = GptNeoXConfig.ModelType,
            ["num_attention_heads"] = config.Heads,
            ["num_hidden_layers"] = config.Layers,
            ["pad_token_id"] = config.PadTokenId,
            ["rotary_emb_base"] = config.RotaryBase,
            ["rotary_pct"] = config.RotaryFraction,
            ["tie_word_embeddings"] = config.TiedEmbeddings,
            ["torch_dtype"] = TorchName(type),
            ["use_parallel_residual"] = config.ParallelResidual,
            ["vocab_size"] = config.VocabSize,
        };
        if (config.Head == OutputHead.Score)
        {
            // transformers derives the number of labels from these.
            json["id2label"] = new JsonObject { ["0"] = "reward" };
            json["label2id"] = new JsonObject { ["reward"] = 0 };
        }

        foreach ((string key, JsonNode? value) in carried ?? [])
        {
            if (!json.ContainsKey(key) && !NotCarried.Contains(key))
            {
                json[key] = value?.DeepClone();
            }
        }

        json.TryAdd("use_cache", true);
        return json;
    }

    /// <summary><c>generation_config.json</c>: where generation starts and stops.</summary>
    public static JsonObject GenerationJson(GptNeoXConfig config)
    {
        JsonObject json = new()
        {
            ["_from_model_config"] = true,
            ["bos_token_id"] = config.BosTokenId,
            ["eos_token_id"] = config.EosTokenId,
        };
        if (config.PadTokenId is { } pad)
        {
            json["pad_token_id"] = pad;
        }

        return json;
    }

    private static string TorchName(StorageType type) => type switch
    {
        StorageType.BF16 => "bfloat16",
        StorageType.F16 => "float16",
        _ => "float32",
    };
}
