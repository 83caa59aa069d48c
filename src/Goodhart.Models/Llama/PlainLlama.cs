namespace Goodhart.Models.Llama;

/// <summary>Llama and its kin as their equations read.</summary>
internal sealed class PlainLlama(LlamaConfig config, Func<string, float[]> weight) : PlainModel(weight)
{
    public override double[][] Logits(ReadOnlySpan<int> tokens)
    {
        double[][] x = Embed(tokens, config.EmbeddingName, config.HiddenSize);
        for (int layer = 0; layer < config.Layers; layer++)
        {
            x = Layer(x, layer);
        }

        return Product(Norm(x, LlamaTensorNames.FinalNorm), Weight(config.HeadName), bias: null);
    }

    private double[][] Layer(double[][] x, int layer)
    {
        if (config.Family.PostNorm)
        {
            double[][] h = Sum(x, Norm(Attention(x, layer), Name(layer, "post_attention_layernorm.weight")));
            return Sum(h, Norm(Mlp(h, layer), Name(layer, "post_feedforward_layernorm.weight")));
        }

        double[][] after = Sum(x, Attention(Norm(x, Name(layer, "input_layernorm.weight")), layer));
        return Sum(after, Mlp(Norm(after, Name(layer, "post_attention_layernorm.weight")), layer));
    }

    private double[][] Mlp(double[][] x, int layer)
    {
        double[][] gate = Linear(x, Name(layer, "mlp.gate_proj"), config.MlpBias);
        double[][] up = Linear(x, Name(layer, "mlp.up_proj"), config.MlpBias);
        double[][] active = [.. gate.Zip(up, (g, u) => g.Zip(u, (a, b) => a / (1 + Math.Exp(-a)) * b).ToArray())];
        return Linear(active, Name(layer, "mlp.down_proj"), config.MlpBias);
    }

    private double[][] Attention(double[][] x, int layer)
    {
        double[][] queries = Projection(x, layer, "q", config.HasInputBias);
        double[][] keys = Projection(x, layer, "k", config.HasInputBias);
        double[][] values = Linear(x, Name(layer, "self_attn.v_proj"), config.HasInputBias);
        double[][] mixed = [.. x.Select(_ => new double[config.Heads * config.HeadDim])];
        int window = config.WindowOf(layer);
        for (int head = 0; head < config.Heads; head++)
        {
            int shared = head / (config.Heads / config.SharedHeads);
            Mix(
                Head(queries, head, rotates: true),
                Head(keys, shared, rotates: true),
                Head(values, shared, rotates: false),
                earliest: t => window == 0 ? 0 : Math.Max(0, t - window + 1),
                mixed,
                head * config.HeadDim);
        }

        return Linear(mixed, Name(layer, "self_attn.o_proj"), config.AttentionBias);
    }

    private double[][] Projection(double[][] x, int layer, string which, bool hasBias)
    {
        double[][] product = Linear(x, Name(layer, $"self_attn.{which}_proj"), hasBias);
        return config.Family.Norms == QueryKeyNorms.None ? product : Norm(product, Name(layer, $"self_attn.{which}_norm.weight"));
    }

    private double[][] Head(double[][] x, int head, bool rotates)
    {
        int size = config.HeadDim;
        return
        [
            .. x.Select((row, t) => rotates
                ? Rotated(row.AsSpan(head * size, size), t, size, Frequency)
                : row[(head * size)..((head + 1) * size)]),
        ];
    }

    /// <summary>Llama 3's scaling where there is one: slow pairs divided, fast ones kept, those between blended.</summary>
    private double Frequency(int pair)
    {
        double frequency = Math.Pow(config.RotaryBase, -2.0 * pair / config.HeadDim);
        if (config.Scaling is not { } scaling)
        {
            return frequency;
        }

        double wavelength = 2 * Math.PI / frequency;
        double turns = scaling.OriginalPositions / wavelength;
        return turns >= scaling.HighTurns ? frequency
            : turns <= scaling.LowTurns ? frequency / scaling.Factor
            : Blend((turns - scaling.LowTurns) / (scaling.HighTurns - scaling.LowTurns));

        double Blend(double kept) => (kept * frequency) + ((1 - kept) * frequency / scaling.Factor);
    }

    /// <summary>x / √(mean x² + eps) · gain; a gain shorter than the row stands for each part of it.</summary>
    private double[][] Norm(double[][] x, string name)
    {
        float[] gain = Weight(name);
        return [.. x.Select(row => row.Chunk(gain.Length).SelectMany(Normalised).ToArray())];

        IEnumerable<double> Normalised(double[] part)
        {
            double scale = 1 / Math.Sqrt(part.Average(value => value * value) + config.NormEpsilon);
            return part.Select((value, i) => value * scale * gain[i]);
        }
    }

    private static string Name(int layer, string part) => LlamaTensorNames.Layer(layer, part);
}
