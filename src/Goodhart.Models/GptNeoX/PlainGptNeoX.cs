namespace Goodhart.Models.GptNeoX;

/// <summary>GPT-NeoX as its equations read.</summary>
internal sealed class PlainGptNeoX(GptNeoXConfig config, Func<string, float[]> weight) : PlainModel(weight)
{
    public override double[][] Logits(ReadOnlySpan<int> tokens)
    {
        double[][] x = Embed(tokens, config.EmbeddingName, config.HiddenSize);
        for (int layer = 0; layer < config.Layers; layer++)
        {
            x = Layer(x, layer);
        }

        return Product(LayerNorm(x, GptNeoXTensorNames.FinalLayerNorm), Weight(config.HeadName), bias: null);
    }

    private double[][] Layer(double[][] x, int layer)
    {
        double[][] attended = Attention(LayerNorm(x, Name("input_layernorm")), layer);
        double[][] afterAttention = Sum(x, attended);

        // Parallel: x + attention(ln1 x) + mlp(ln2 x). Sequential: y = x + attention(ln1 x); y + mlp(ln2 y).
        double[][] inner = LayerNorm(config.ParallelResidual ? x : afterAttention, Name("post_attention_layernorm"));
        inner = Linear(inner, Name("mlp.dense_h_to_4h"), hasBias: true);
        inner = [.. inner.Select(row => Array.ConvertAll(row, value => PlainGelu.Of(value, config.Activation)))];
        return Sum(afterAttention, Linear(inner, Name("mlp.dense_4h_to_h"), hasBias: true));

        string Name(string part) => GptNeoXTensorNames.Layer(layer, part);
    }

    /// <summary>A row of the fused product is [heads, 3, size]: query, key and value of each head.</summary>
    private double[][] Attention(double[][] x, int layer)
    {
        double[][] qkv = Linear(x, GptNeoXTensorNames.Layer(layer, "attention.query_key_value"), config.AttentionBias);
        double[][] mixed = [.. x.Select(_ => new double[config.HiddenSize])];
        int size = config.HeadSize;
        for (int head = 0; head < config.Heads; head++)
        {
            int start = 3 * head * size;
            Mix(
                [.. qkv.Select((row, t) => Rotated(row.AsSpan(start, size), t, config.RotaryDims, Frequency))],
                [.. qkv.Select((row, t) => Rotated(row.AsSpan(start + size, size), t, config.RotaryDims, Frequency))],
                [.. qkv.Select(row => row[(start + (2 * size))..(start + (3 * size))])],
                earliest: _ => 0,
                mixed,
                head * size);
        }

        return Linear(mixed, GptNeoXTensorNames.Layer(layer, "attention.dense"), config.AttentionBias);
    }

    private double Frequency(int pair) => Math.Pow(config.RotaryBase, -2.0 * pair / config.RotaryDims);

    private double[][] LayerNorm(double[][] x, string name)
    {
        float[] gain = Weight(name + ".weight");
        float[] bias = Weight(name + ".bias");
        return [.. x.Select(Normalised)];

        double[] Normalised(double[] row)
        {
            double mean = row.Average();
            double variance = row.Average(value => (value - mean) * (value - mean));
            double scale = 1 / Math.Sqrt(variance + config.LayerNormEpsilon);
            return [.. row.Select((value, i) => ((value - mean) * scale * gain[i]) + bias[i])];
        }
    }
}
