using System.Globalization;
using Goodhart.Engine;
using Goodhart.Models.HuggingFace;

namespace Goodhart.Models.Llama;

/// <summary>Reads <c>config.json</c> as transformers 4 and 5 spell it. What a file leaves out has the default of its family's class, where
/// the tensors' shapes hold it in check or all versions agree.</summary>
internal static class LlamaConfigReader
{
    public static LlamaConfig Read(LlamaFamily family, ConfigFields fields)
    {
        if (fields.Text("hidden_act") is { } activation && activation is not "silu" and not "swish")
        {
            throw fields.Refuse("hidden_act", "silu", $"'{activation}'");
        }

        if (fields.Object("quantization_config") is not null)
        {
            throw fields.Refuse("quantization_config", "none: weights in F16, BF16, F32 or F64", "quantized weights");
        }

        int heads = fields.RequiredInt("num_attention_heads");
        int hidden = fields.RequiredInt("hidden_size");
        int layers = fields.RequiredInt("num_hidden_layers");
        int positions = fields.OptionalInt("max_position_embeddings") ?? family.DefaultPositions;
        OutputHead head = fields.Head();
        (double rotaryBase, RotaryScaling? scaling) = LlamaRotary.Read(fields, positions);
        (int window, int firstWindowLayer) = Windows(family, fields, layers);
        int[] ends = fields.TokenIds("eos_token_id", absent: null);
        return new LlamaConfig
        {
            Family = family,
            Head = head,
            VocabSize = fields.RequiredInt("vocab_size"),
            HiddenSize = hidden,
            Layers = layers,
            Heads = heads,
            SharedHeads = SharedHeads(family, fields, heads),
            HeadDim = fields.OptionalInt("head_dim") ?? family.DefaultHeadSize ?? HeadSize(fields, hidden, heads),
            IntermediateSize = fields.RequiredInt("intermediate_size"),
            MaxPositions = positions,
            RotaryBase = rotaryBase,
            Scaling = scaling,
            NormEpsilon = fields.Number("rms_norm_eps") ?? family.DefaultEpsilon,
            AttentionBias = Key(family.HasAttentionBiasKey, "attention_bias"),
            MlpBias = Key(family.HasMlpBiasKey, "mlp_bias"),
            Window = window,
            FirstWindowLayer = firstWindowLayer,

            // A score's head is never tied, whatever the trunk's file says of the head it had.
            TiedEmbeddings = head == OutputHead.Language && (fields.Flag("tie_word_embeddings") ?? false),
            InitializerRange = fields.Number("initializer_range") ?? 0.02,
            BosTokenId = fields.TokenId("bos_token_id", absent: null),
            EosTokenId = ends.Length == 0 ? null : ends[0],
            FurtherEosTokenIds = ends.Length > 1 ? ends[1..] : [],
            PadTokenId = fields.PadId(),
        };

        bool Key(bool known, string key)
        {
            bool value = fields.Flag(key) ?? false;
            return known || !value ? value : throw fields.Refuse(key, $"false or none: {family.ModelType} has no such biases", "true");
        }
    }

    /// <summary>Null means as many as query heads in every family; an absent key means the class's default.</summary>
    private static int SharedHeads(LlamaFamily family, ConfigFields fields, int heads) =>
        fields.OptionalInt("num_key_value_heads") ?? (fields.Has("num_key_value_heads") ? heads : family.DefaultKeyValueHeads ?? heads);

    private static int HeadSize(ConfigFields fields, int hidden, int heads) => heads > 0 && hidden % heads == 0
        ? hidden / heads
        : throw fields.Refuse(
            "hidden_size",
            string.Create(CultureInfo.InvariantCulture, $"a multiple of num_attention_heads ({heads}), where there is no head_dim"),
            hidden.ToString(CultureInfo.InvariantCulture));

    private static (int Window, int FirstLayer) Windows(LlamaFamily family, ConfigFields fields, int layers)
    {
        int? window = fields.OptionalInt("sliding_window");
        if (fields.Texts("layer_types") is { } types)
        {
            return ByLayer(fields, types, window, layers);
        }

        switch (family.Windows)
        {
            case LlamaWindows.All:
                return (window ?? (fields.Has("sliding_window") ? 0 : 4096), 0);
            case LlamaWindows.ByFlag when fields.Flag("use_sliding_window") ?? false:
                return (window ?? 4096, fields.OptionalInt("max_window_layers") ?? 28);
            default:
                return (0, 0);
        }
    }

    /// <summary>Layers that slide must be the last ones: other patterns belong to families that are not read here.</summary>
    private static (int Window, int FirstLayer) ByLayer(ConfigFields fields, string[] types, int? window, int layers)
    {
        const string Full = "full_attention";
        const string Sliding = "sliding_attention";
        int first = Array.IndexOf(types, Sliding);
        if (
            types.Length != layers || types.Any(type => type is not Full and not Sliding)
                || (first >= 0 && types.AsSpan(first).Contains(Full)))
        {
            throw fields.Refuse(
                "layer_types",
                string.Create(CultureInfo.InvariantCulture, $"{layers} times {Full}, or {Full} and then {Sliding}"),
                string.Join(", ", types));
        }

        return first < 0 ? (0, 0) : (window ?? throw fields.Refuse("sliding_window", "a whole number, where layers slide", "none"), first);
    }
}
