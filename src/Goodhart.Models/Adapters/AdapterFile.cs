using System.Text.Json;
using System.Text.Json.Nodes;
using Goodhart.Models.HuggingFace;

namespace Goodhart.Models.Adapters;

/// <summary><c>adapter_config.json</c>: what PEFT says of an adapter.</summary>
/// <param name="BaseModel">The model that it was made for, as the file names it.</param>
/// <param name="TrainsHead">Whether it holds a head of one score (<c>modules_to_save</c> of a sequence classifier).</param>
/// <param name="Notes">What is worth telling, as sentences.</param>
internal sealed record AdapterFile(LoraConfig Lora, string BaseModel, bool TrainsHead, IReadOnlyList<string> Notes)
{
    public const string Name = "adapter_config.json";

    /// <summary>The commit of a base that is named as on the hub; null: none is told.</summary>
    public string? Revision { get; init; }

    private const string Classifier = "SEQ_CLS";

    /// <summary>Keys whose other values change the arithmetic or the tensors, with the value that they may have.</summary>
    private static readonly (string Key, string Expected)[] Plain =
    [
        ("use_dora", "false"), ("use_qalora", "false"), ("lora_bias", "false"), ("fan_in_fan_out", "false"), ("bias", "none"),
        ("rank_pattern", "none"),
        ("alpha_pattern", "none"), ("layers_to_transform", "none"), ("layers_pattern", "none"), ("layer_replication", "none"),
        ("target_parameters", "none"), ("trainable_token_indices", "none"), ("loftq_config", "none"), ("eva_config", "none"),
        ("corda_config", "none"),
    ];

    /// <summary>Keys that say nothing of what is computed here.</summary>
    private static readonly string[] Silent =
        ["auto_mapping", "ensure_weight_tying", "inference_mode", "megatron_config", "megatron_core", "qalora_group_size", "runtime_config",
            "peft_version"];

    private static readonly string[] Read =
        ["alpha_pattern", "base_model_name_or_path", "exclude_modules", "init_lora_weights", "lora_alpha", "lora_dropout",
            "modules_to_save",
            "peft_type", "r", "revision", "target_modules", "task_type", "use_rslora"];

    /// <exception cref="FileNotFoundException">No such file.</exception>
    /// <exception cref="InvalidDataException">No LoRA adapter, or a variant that is not supported; the message names the key.</exception>
    public static AdapterFile Open(string path)
    {
        JsonObject json = JsonFile.ReadObject(path);
        ConfigFields fields = new(path, json);
        if (fields.Text("peft_type") is var type && type != "LORA")
        {
            throw fields.Refuse("peft_type", "LORA", type ?? "none");
        }

        foreach ((string key, string expected) in Plain)
        {
            RequirePlain(fields, json, key, expected);
        }

        RequireKnown(fields, json);

        string? task = fields.Text("task_type");
        if (task is not null and not "CAUSAL_LM" and not Classifier)
        {
            throw fields.Refuse("task_type", $"CAUSAL_LM, or {Classifier} for a reward model", task);
        }

        LoraConfig lora = new()
        {
            Rank = fields.OptionalInt("r") ?? 8,
            Alpha = fields.Number("lora_alpha") ?? 8,
            RankStabilized = fields.Flag("use_rslora") ?? false,
            Targets = Targets(fields, json, "target_modules"),
            Excluded = Targets(fields, json, "exclude_modules"),
            Start = Start(fields, json),
        };
        if (lora.Rank < 1)
        {
            throw fields.Refuse("r", "a whole number > 0", lora.Rank.ToString(System.Globalization.CultureInfo.InvariantCulture));
        }

        string? trunk = fields.Text("base_model_name_or_path");
        return new AdapterFile(
            lora,
            string.IsNullOrWhiteSpace(trunk)
                ? throw fields.Refuse(
                    "base_model_name_or_path", "the model that the adapter stands on", trunk is null ? "none" : $"'{trunk}'")
                : trunk,
            HoldsHead(fields, json, task),
            Remarks(fields))
        {
            Revision = fields.Text("revision"),
        };
    }

    public void Write(string path) => JsonFile.Write(path, new JsonObject
    {
        ["alpha_pattern"] = new JsonObject(),
        ["auto_mapping"] = null,
        ["base_model_name_or_path"] = BaseModel,
        ["bias"] = "none",
        ["exclude_modules"] = Json(Lora.Excluded),
        ["fan_in_fan_out"] = false,
        ["inference_mode"] = true,
        ["init_lora_weights"] = Lora.Start switch { AdapterStart.Gaussian => "gaussian", AdapterStart.Both => false, _ => true },
        ["layer_replication"] = null,
        ["layers_pattern"] = null,
        ["layers_to_transform"] = null,
        ["lora_alpha"] = Lora.Alpha == (int)Lora.Alpha ? (int)Lora.Alpha : Lora.Alpha,
        ["lora_bias"] = false,
        ["lora_dropout"] = 0.0,
        ["modules_to_save"] = TrainsHead ? new JsonArray("score") : null,
        ["peft_type"] = "LORA",
        ["r"] = Lora.Rank,
        ["rank_pattern"] = new JsonObject(),
        ["revision"] = Revision,
        ["target_modules"] = Json(Lora.Targets),
        ["task_type"] = TrainsHead ? Classifier : "CAUSAL_LM",
        ["use_dora"] = false,
        ["use_rslora"] = Lora.RankStabilized,
    });

    private static void RequirePlain(ConfigFields fields, JsonObject json, string key, string expected)
    {
        if (!IsEmpty(json[key]) && json[key]!.ToString() != expected)
        {
            throw fields.Refuse(key, $"{expected}: other values are not supported", json[key]!.ToJsonString());
        }
    }

    /// <summary>What a newer PEFT has added may change the arithmetic: it is known, or it is empty.</summary>
    private static void RequireKnown(ConfigFields fields, JsonObject json)
    {
        foreach ((string key, JsonNode? value) in json)
        {
            if (!IsEmpty(value) && !Read.Contains(key) && !Silent.Contains(key) && Plain.All(plain => plain.Key != key))
            {
                throw fields.Refuse(
                    key, "none, for the key is not known here (if what the adapter computes does not depend on it, take it out)",
                    value!.ToJsonString());
            }
        }
    }

    /// <summary>Null, false, and lists and objects with nothing in them.</summary>
    private static bool IsEmpty(JsonNode? node) => node switch
    {
        null => true,
        JsonObject inner => inner.Count == 0,
        JsonArray list => list.Count == 0,
        _ => node.GetValueKind() == JsonValueKind.False,
    };

    private static AdapterTargets? Targets(ConfigFields fields, JsonObject json, string key) => json[key] switch
    {
        null => null,
        JsonArray { Count: 0 } => null,
        JsonArray => new NamedTargets([.. fields.Texts(key)!.Order(StringComparer.Ordinal)]),
        _ => fields.Text(key) is { } text && text != AllLinear.Name ? new PatternTargets(text) : new AllLinear(),
    };

    private static JsonNode? Json(AdapterTargets? targets) => targets switch
    {
        null => null,
        NamedTargets named => new JsonArray([.. named.Names.Select(name => JsonValue.Create(name))]),
        _ => targets.ToString(),
    };

    private static AdapterStart Start(ConfigFields fields, JsonObject json) => json["init_lora_weights"] switch
    {
        null => AdapterStart.Uniform,
        { } node when node.GetValueKind() == JsonValueKind.True => AdapterStart.Uniform,
        { } node when node.GetValueKind() == JsonValueKind.False => AdapterStart.Both,
        { } node when node.ToString() == "gaussian" => AdapterStart.Gaussian,
        { } node =>
            throw fields.Refuse("init_lora_weights", "true, false or \"gaussian\": others change the base's weights", node.ToJsonString()),
    };

    /// <summary>A classifier's head is trained whole; nothing else is.</summary>
    private static bool HoldsHead(ConfigFields fields, JsonObject json, string? task)
    {
        string[] whole = IsEmpty(json["modules_to_save"]) ? [] : fields.Texts("modules_to_save")!;
        bool isHead = task == Classifier && whole.Contains("score");
        return isHead && whole.All(name => name is "score" or "classifier") ? true
            : whole.Length == 0 ? false
            : throw fields.Refuse("modules_to_save", $"none, or the score of a {Classifier}", json["modules_to_save"]!.ToJsonString());
    }

    private static string[] Remarks(ConfigFields fields) =>
    [
        .. fields.Number("lora_dropout") is > 0 and { } dropout
            ? [FormattableString.Invariant($"lora_dropout is {dropout} in {Name}: it acts in training only; here nothing drops out.")]
            : (string[])[],
    ];
}
