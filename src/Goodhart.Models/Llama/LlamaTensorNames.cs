using Goodhart.Models.Safetensors;

namespace Goodhart.Models.Llama;

/// <summary>Names and shapes of a checkpoint's tensors, as transformers stores them (linear weights are [out, in]).</summary>
internal static class LlamaTensorNames
{
    public const string Embedding = "model.embed_tokens.weight";

    public const string Head = "lm_head.weight";

    public const string Score = "score.weight";

    public const string FinalNorm = "model.norm.weight";

    /// <summary>"model.layers.{layer}.{part}".</summary>
    public static string Layer(int layer, string part) => FormattableString.Invariant($"model.layers.{layer}.{part}");

    public static IReadOnlyList<TensorSpec> Expected(LlamaConfig config)
    {
        List<TensorSpec> tensors = [new(Embedding, new TensorShape(config.VocabSize, config.HiddenSize))];
        for (int layer = 0; layer < config.Layers; layer++)
        {
            AddLayer(tensors, config, layer);
        }

        tensors.Add(new(FinalNorm, new TensorShape(config.HiddenSize)));
        if (config.Head == OutputHead.Score)
        {
            tensors.Add(new(Score, new TensorShape(1, config.HiddenSize)));
        }
        else if (!config.TiedEmbeddings)
        {
            tensors.Add(new(Head, new TensorShape(config.VocabSize, config.HiddenSize)));
        }

        return tensors;
    }

    private static void AddLayer(List<TensorSpec> tensors, LlamaConfig config, int layer)
    {
        int hidden = config.HiddenSize;
        int queries = config.Heads * config.HeadDim;
        int shared = config.SharedHeads * config.HeadDim;
        Norm(config.Family.PostNorm ? "post_attention_layernorm" : "input_layernorm", hidden);
        Norm(config.Family.PostNorm ? "post_feedforward_layernorm" : "post_attention_layernorm", hidden);
        Linear("self_attn.q_proj", queries, hidden, config.HasInputBias);
        Linear("self_attn.k_proj", shared, hidden, config.HasInputBias);
        Linear("self_attn.v_proj", shared, hidden, config.HasInputBias);
        Linear("self_attn.o_proj", hidden, queries, config.AttentionBias);
        if (config.Family.Norms != QueryKeyNorms.None)
        {
            bool perHead = config.Family.Norms == QueryKeyNorms.PerHead;
            Norm("self_attn.q_norm", perHead ? config.HeadDim : queries);
            Norm("self_attn.k_norm", perHead ? config.HeadDim : shared);
        }

        Linear("mlp.gate_proj", config.IntermediateSize, hidden, config.MlpBias);
        Linear("mlp.up_proj", config.IntermediateSize, hidden, config.MlpBias);
        Linear("mlp.down_proj", hidden, config.IntermediateSize, config.MlpBias);

        void Norm(string part, int size) => tensors.Add(new(Layer(layer, part) + ".weight", new TensorShape(size)));

        void Linear(string part, int outputs, int inputs, bool bias)
        {
            tensors.Add(new(Layer(layer, part) + ".weight", new TensorShape(outputs, inputs)));
            if (bias)
            {
                tensors.Add(new(Layer(layer, part) + ".bias", new TensorShape(outputs)));
            }
        }
    }
}
