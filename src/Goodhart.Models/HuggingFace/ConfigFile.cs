using System.Text.Json.Nodes;
using Goodhart.Models.Safetensors;

namespace Goodhart.Models.HuggingFace;

/// <summary>Reads and writes <c>config.json</c>: the model type decides who reads the rest.</summary>
internal static class ConfigFile
{
    /// <summary>Keys that restate what is written here, or that speak of the program and place the source folder came from.</summary>
    private static readonly string[] NotCarried =
    [
        "dtype", "torch_dtype", "rope_parameters", "rope_scaling", "rope_theta", "partial_rotary_factor", "transformers_version",
        "_name_or_path", "id2label", "label2id", "num_labels",
    ];

    /// <exception cref="FileNotFoundException">No such file.</exception>
    /// <exception cref="InvalidDataException">An unknown model type, an unsupported variant, a missing or impossible value.</exception>
    public static ModelConfig Read(string path)
    {
        ModelConfig config = Parse(path, JsonFile.ReadObject(path));
        string generation = Path.Combine(Path.GetDirectoryName(path) ?? string.Empty, FolderFiles.GenerationConfig);
        return File.Exists(generation) ? WithEnds(config, generation) : config;
    }

    public static ModelConfig Parse(string file, JsonObject json)
    {
        ConfigFields fields = new(file, json);
        string known = string.Join(", ", Architecture.All.SelectMany(architecture => architecture.ModelTypes));
        string type = fields.Text("model_type") ?? throw fields.Refuse("model_type", $"one of {known}", "none");
        Architecture architecture = Architecture.All.FirstOrDefault(candidate => candidate.ModelTypes.Contains(type))
            ?? throw fields.Refuse("model_type", $"one of {known}", $"'{type}': models of this type are not supported");
        return architecture.Read(fields).Validate(file);
    }

    /// <summary>Ends that the generation's configuration names beside the model's own: any of them ends a response there.</summary>
    private static ModelConfig WithEnds(ModelConfig config, string path)
    {
        int[] ends = new ConfigFields(path, JsonFile.ReadObject(path)).TokenIds("eos_token_id", absent: null);
        int[] further = [.. config.FurtherEosTokenIds.Concat(ends).Where(id => id != config.EosTokenId).Distinct()];
        return ends.Length < 2 ? config : (config with { FurtherEosTokenIds = further }).Validate(path);
    }

    /// <param name="carried">The source's configuration: its further keys are kept as they are. Null: none.</param>
    public static JsonObject ToJson(ModelConfig config, StorageType type, JsonObject? carried)
    {
        JsonObject json = config.ToJson(DTypeName(type));
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
    public static JsonObject GenerationJson(ModelConfig config)
    {
        JsonObject json = new()
        {
            ["_from_model_config"] = true,
            ["bos_token_id"] = config.BosTokenId,
            ["eos_token_id"] = config.EosJson(),
        };
        if (config.PadTokenId is { } pad)
        {
            json["pad_token_id"] = pad;
        }

        return json;
    }

    private static string DTypeName(StorageType type) => type switch
    {
        StorageType.BF16 => "bfloat16",
        StorageType.F16 => "float16",
        _ => "float32",
    };
}
