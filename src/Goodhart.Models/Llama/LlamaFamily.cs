namespace Goodhart.Models.Llama;

/// <summary>What tells the members of the Llama family apart: by <c>model_type</c>, not by a key of config.json.</summary>
/// <param name="ModelType">Config.json's <c>model_type</c>.</param>
/// <param name="ClassPrefix">Of transformers' class names.</param>
public sealed record LlamaFamily(string ModelType, string ClassPrefix)
{
    public static readonly LlamaFamily Llama = new("llama", "Llama")
    {
        HasAttentionBiasKey = true,
        HasMlpBiasKey = true,
        DefaultPositions = 2048,
    };

    public static readonly LlamaFamily Mistral = new("mistral", "Mistral")
    {
        DefaultKeyValueHeads = 8,
        DefaultPositions = 131072,
        Windows = LlamaWindows.All,
    };

    public static readonly LlamaFamily Qwen2 = new("qwen2", "Qwen2")
    {
        QueryKeyValueBias = true,
        DefaultKeyValueHeads = 32,
        Windows = LlamaWindows.ByFlag,
    };

    public static readonly LlamaFamily Qwen3 = new("qwen3", "Qwen3")
    {
        HasAttentionBiasKey = true,
        Norms = QueryKeyNorms.PerHead,
        DefaultKeyValueHeads = 32,
        DefaultHeadSize = 128,
        Windows = LlamaWindows.ByFlag,
    };

    public static readonly LlamaFamily Olmo2 = new("olmo2", "Olmo2")
    {
        HasAttentionBiasKey = true,
        Norms = QueryKeyNorms.FullWidth,
        PostNorm = true,
        DefaultEpsilon = 1e-5,
        DefaultPositions = 2048,
    };

    public static readonly IReadOnlyList<LlamaFamily> All = [Llama, Mistral, Qwen2, Qwen3, Olmo2];

    /// <summary>Norms stand behind attention and MLP, before the sum with the residual stream, and not before them.</summary>
    public bool PostNorm { get; init; }

    public QueryKeyNorms Norms { get; init; }

    /// <summary>Queries, keys and values have biases, the output has none.</summary>
    public bool QueryKeyValueBias { get; init; }

    /// <summary><c>attention_bias</c> gives biases to queries, keys, values and the output.</summary>
    public bool HasAttentionBiasKey { get; init; }

    public bool HasMlpBiasKey { get; init; }

    public LlamaWindows Windows { get; init; }

    /// <summary>Where the file leaves <c>num_key_value_heads</c> out; null: as many as query heads.</summary>
    public int? DefaultKeyValueHeads { get; init; }

    /// <summary>Where the file leaves <c>head_dim</c> out; null: hidden size / heads.</summary>
    public int? DefaultHeadSize { get; init; }

    public double DefaultEpsilon { get; init; } = 1e-6;

    public int DefaultPositions { get; init; } = 32768;
}

/// <summary>Root-mean-square norms of queries and keys, before they are rotated.</summary>
public enum QueryKeyNorms
{
    None,

    /// <summary>Each head by itself, with one gain for all heads.</summary>
    PerHead,

    /// <summary>The whole projection, before it is cut into heads.</summary>
    FullWidth,
}

/// <summary>Which layers may slide a window over the tokens before a row.</summary>
public enum LlamaWindows
{
    None,

    /// <summary>All, where config.json has a window.</summary>
    All,

    /// <summary>Those from <c>max_window_layers</c> on, where <c>use_sliding_window</c> says so.</summary>
    ByFlag,
}
