using Goodhart.Models.HuggingFace;

namespace Goodhart.Models.Plain;

/// <summary>
/// GPT-NeoX as its equations read: one sequence, double precision, plain loops. It shares nothing with the fast path but the names of the
/// weights, so that the two check each other; for reading and for short sequences, not for speed.
/// </summary>
/// <param name="weight">A tensor's values by its Hugging Face name, row-major. Asked for again whenever needed: nothing is kept.</param>
/// <remarks>T tokens, d hidden size, V vocabulary. Activations are [T][d].</remarks>
public sealed class PlainGptNeoX(GptNeoXConfig config, Func<string, float[]> weight)
{
    /// <summary>Logits of the next token after every token of a sequence, [T][V].</summary>
    public double[][] Logits(ReadOnlySpan<int> tokens)
    {
        double[][] x = Embed(tokens);
        for (int layer = 0; layer < config.Layers; layer++)
        {
            x = Layer(x, layer);
        }

        string head = config.TiedEmbeddings ? GptNeoXTensorNames.EmbedIn : GptNeoXTensorNames.EmbedOut;
        return Product(LayerNorm(x, GptNeoXTensorNames.FinalLayerNorm), weight(head), bias: null);
    }

    /// <summary>log π of every token but the first, given the tokens before it; nats.</summary>
    public double[] LogProbs(ReadOnlySpan<int> tokens)
    {
        double[][] logits = Logits(tokens);
        double[] logProbs = new double[tokens.Length - 1];
        for (int t = 0; t < logProbs.Length; t++)
        {
            logProbs[t] = logits[t][tokens[t + 1]] - LogSumExp(logits[t]);
        }

        return logProbs;
    }

    private double[][] Embed(ReadOnlySpan<int> tokens)
    {
        float[] table = weight(GptNeoXTensorNames.EmbedIn);
        double[][] x = new double[tokens.Length][];
        for (int t = 0; t < x.Length; t++)
        {
            x[t] = [.. table.AsSpan(tokens[t] * config.HiddenSize, config.HiddenSize).ToArray().Select(value => (double)value)];
        }

        return x;
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

    private double[][] Attention(double[][] x, int layer)
    {
        double[][] qkv = Linear(x, GptNeoXTensorNames.Layer(layer, "attention.query_key_value"), config.AttentionBias);
        double[][] mixed = [.. x.Select(_ => new double[config.HiddenSize])];
        for (int head = 0; head < config.Heads; head++)
        {
            Head(qkv, head, mixed);
        }

        return Linear(mixed, GptNeoXTensorNames.Layer(layer, "attention.dense"), config.AttentionBias);
    }

    /// <summary>One head: softmax(q·k/√size) over this and earlier tokens, applied to v. A row of qkv is [heads, 3, size].</summary>
    private void Head(double[][] qkv, int head, double[][] mixed)
    {
        int size = config.HeadSize;
        double[][] queries = [.. qkv.Select((row, t) => Rotated(row.AsSpan(3 * head * size, size), t))];
        double[][] keys = [.. qkv.Select((row, t) => Rotated(row.AsSpan(((3 * head) + 1) * size, size), t))];
        for (int t = 0; t < qkv.Length; t++)
        {
            double[] scores = [.. keys.Take(t + 1).Select(key => Dot(queries[t], key) / Math.Sqrt(size))];
            double normaliser = LogSumExp(scores);
            for (int s = 0; s <= t; s++)
            {
                double share = Math.Exp(scores[s] - normaliser);
                for (int j = 0; j < size; j++)
                {
                    mixed[t][(head * size) + j] += share * qkv[s][(((3 * head) + 2) * size) + j];
                }
            }
        }
    }

    /// <summary>Rotary embedding: dimension j and j + half turn by position · base^(−2j/dims); the dimensions beyond stay.</summary>
    private double[] Rotated(ReadOnlySpan<double> vector, int position)
    {
        double[] result = vector.ToArray();
        int half = config.RotaryDims / 2;
        for (int j = 0; j < half; j++)
        {
            double angle = position * Math.Pow(config.RotaryBase, -2.0 * j / config.RotaryDims);
            (double sin, double cos) = Math.SinCos(angle);
            result[j] = (vector[j] * cos) - (vector[j + half] * sin);
            result[j + half] = (vector[j + half] * cos) + (vector[j] * sin);
        }

        return result;
    }

    private double[][] LayerNorm(double[][] x, string name)
    {
        float[] gain = weight(name + ".weight");
        float[] bias = weight(name + ".bias");
        return [.. x.Select(Normalised)];

        double[] Normalised(double[] row)
        {
            double mean = row.Average();
            double variance = row.Average(value => (value - mean) * (value - mean));
            double scale = 1 / Math.Sqrt(variance + config.LayerNormEpsilon);
            return [.. row.Select((value, i) => ((value - mean) * scale * gain[i]) + bias[i])];
        }
    }

    private double[][] Linear(double[][] x, string name, bool hasBias) =>
        Product(x, weight(name + ".weight"), hasBias ? weight(name + ".bias") : null);

    /// <summary>x Wᵀ + b, W being [out, in].</summary>
    private static double[][] Product(double[][] x, float[] matrix, float[]? bias)
    {
        int inputs = x[0].Length;
        int outputs = matrix.Length / inputs;
        double[][] result = [.. x.Select(_ => new double[outputs])];
        for (int o = 0; o < outputs; o++)
        {
            ReadOnlySpan<float> row = matrix.AsSpan(o * inputs, inputs);
            for (int t = 0; t < x.Length; t++)
            {
                double sum = bias?[o] ?? 0;
                for (int i = 0; i < inputs; i++)
                {
                    sum += row[i] * x[t][i];
                }

                result[t][o] = sum;
            }
        }

        return result;
    }

    private static double[][] Sum(double[][] a, double[][] b) => [.. a.Zip(b, (p, q) => p.Zip(q, (u, v) => u + v).ToArray())];

    private static double Dot(double[] a, double[] b) => a.Zip(b, (u, v) => u * v).Sum();

    private static double LogSumExp(double[] values)
    {
        double max = values.Max();
        return max + Math.Log(values.Sum(value => Math.Exp(value - max)));
    }
}
