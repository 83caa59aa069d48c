using Goodhart.Models.Safetensors;

namespace Goodhart.Models.GptNeoX;

/// <summary>Names and shapes of a GPT-NeoX checkpoint's tensors, as transformers stores them (linear weights are [out, in]).</summary>
public static class GptNeoXTensorNames
{
    public const string EmbedIn = "gpt_neox.embed_in.weight";

    public const string EmbedOut = "embed_out.weight";

    /// <summary>The one-label head's weight, [1, hidden]; it has no bias.</summary>
    public const string Score = "score.weight";

    public const string FinalLayerNorm = "gpt_neox.final_layer_norm";

    /// <summary>Masks and tables that older versions of transformers saved; they follow from the configuration.</summary>
    private static readonly string[] LegacyBuffers = ["attention.bias", "attention.masked_bias", "attention.rotary_emb.inv_freq"];

    /// <summary>"gpt_neox.layers.{layer}.{part}".</summary>
    public static string Layer(int layer, string part) => FormattableString.Invariant($"gpt_neox.layers.{layer}.{part}");

    /// <summary>Every tensor the model has, in the order of the forward pass: embedding, layers, final norm, head.</summary>
    internal static IReadOnlyList<TensorSpec> Expected(GptNeoXConfig config)
    {
        List<TensorSpec> tensors = [new(EmbedIn, new TensorShape(config.VocabSize, config.HiddenSize))];
        for (int layer = 0; layer < config.Layers; layer++)
        {
            AddLayer(tensors, config, layer);
        }

        AddNorm(tensors, FinalLayerNorm, config.HiddenSize);
        if (config.Head == OutputHead.Score)
        {
            tensors.Add(new(Score, new TensorShape(1, config.HiddenSize)));
        }
        else if (!config.TiedEmbeddings)
        {
            tensors.Add(new(EmbedOut, new TensorShape(config.VocabSize, config.HiddenSize)));
        }

        return tensors;
    }

    /// <summary>Is this a buffer that a loader passes over?</summary>
    public static bool IsLegacyBuffer(string name)
    {
        const string Prefix = "gpt_neox.layers.";
        if (!name.StartsWith(Prefix, StringComparison.Ordinal))
        {
            return false;
        }

        ReadOnlySpan<char> rest = name.AsSpan(Prefix.Length);
        int dot = rest.IndexOf('.');
        return dot > 0 && rest[..dot].IndexOfAnyExceptInRange('0', '9') < 0 && LegacyBuffers.Contains(rest[(dot + 1)..].ToString());
    }

    private static void AddLayer(List<TensorSpec> tensors, GptNeoXConfig config, int layer)
    {
        int hidden = config.HiddenSize;
        AddNorm(tensors, Layer(layer, "input_layernorm"), hidden);
        AddNorm(tensors, Layer(layer, "post_attention_layernorm"), hidden);
        AddLinear(tensors, Layer(layer, "attention.query_key_value"), 3 * hidden, hidden, config.AttentionBias);
        AddLinear(tensors, Layer(layer, "attention.dense"), hidden, hidden, config.AttentionBias);
        AddLinear(tensors, Layer(layer, "mlp.dense_h_to_4h"), config.IntermediateSize, hidden, bias: true);
        AddLinear(tensors, Layer(layer, "mlp.dense_4h_to_h"), hidden, config.IntermediateSize, bias: true);
    }

    private static void AddNorm(List<TensorSpec> tensors, string name, int size)
    {
        tensors.Add(new($"{name}.weight", new TensorShape(size)));
        tensors.Add(new($"{name}.bias", new TensorShape(size)));
    }

    private static void AddLinear(List<TensorSpec> tensors, string name, int outputs, int inputs, bool bias)
    {
        tensors.Add(new($"{name}.weight", new TensorShape(outputs, inputs)));
        if (bias)
        {
            tensors.Add(new($"{name}.bias", new TensorShape(outputs)));
        }
    }
}
