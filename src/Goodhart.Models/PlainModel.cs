namespace Goodhart.Models;

/// <summary>
/// A model as its equations read: one sequence, double precision, plain loops. It shares nothing with the fast path but the names of the
/// weights, so that the two check each other; for reading and for short sequences, not for speed.
/// </summary>
/// <param name="weight">A tensor's values by its Hugging Face name, row-major. Asked for again whenever needed: nothing is kept.</param>
/// <remarks>T tokens, d hidden size, V vocabulary. Activations are [T][d].</remarks>
public abstract class PlainModel(Func<string, float[]> weight)
{
    /// <summary>Logits of the next token after every token of a sequence, [T][V].</summary>
    public abstract double[][] Logits(ReadOnlySpan<int> tokens);

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

    protected float[] Weight(string name) => weight(name);

    /// <summary>Rows of a table.</summary>
    protected double[][] Embed(ReadOnlySpan<int> tokens, string name, int width)
    {
        float[] table = weight(name);
        double[][] x = new double[tokens.Length][];
        for (int t = 0; t < x.Length; t++)
        {
            x[t] = [.. table.AsSpan(tokens[t] * width, width).ToArray().Select(value => (double)value)];
        }

        return x;
    }

    protected double[][] Linear(double[][] x, string name, bool hasBias) =>
        Product(x, weight(name + ".weight"), hasBias ? weight(name + ".bias") : null);

    /// <summary>x Wᵀ + b, W being [out, in].</summary>
    protected static double[][] Product(double[][] x, float[] matrix, float[]? bias)
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

    /// <summary>
    /// One head's mix: softmax(q·k/√size) of each query over the keys it sees, applied to the values; added to a slice of each row.
    /// </summary>
    /// <param name="earliest">Of each token: the first that it sees.</param>
    protected static void Mix(double[][] queries, double[][] keys, double[][] values, Func<int, int> earliest, double[][] mixed, int start)
    {
        int size = queries[0].Length;
        for (int t = 0; t < queries.Length; t++)
        {
            int first = earliest(t);
            double[] scores = [.. keys[first..(t + 1)].Select(key => Dot(queries[t], key) / Math.Sqrt(size))];
            double normaliser = LogSumExp(scores);
            for (int s = first; s <= t; s++)
            {
                double share = Math.Exp(scores[s - first] - normaliser);
                for (int j = 0; j < size; j++)
                {
                    mixed[t][start + j] += share * values[s][j];
                }
            }
        }
    }

    /// <summary>Rotary embedding: dimension j and j + half turn by position · frequency(j); the dimensions beyond stay.</summary>
    protected static double[] Rotated(ReadOnlySpan<double> vector, int position, int dims, Func<int, double> frequency)
    {
        double[] result = vector.ToArray();
        int half = dims / 2;
        for (int j = 0; j < half; j++)
        {
            (double sin, double cos) = Math.SinCos(position * frequency(j));
            result[j] = (vector[j] * cos) - (vector[j + half] * sin);
            result[j + half] = (vector[j + half] * cos) + (vector[j] * sin);
        }

        return result;
    }

    protected static double[][] Sum(double[][] a, double[][] b) => [.. a.Zip(b, (p, q) => p.Zip(q, (u, v) => u + v).ToArray())];

    private static double Dot(double[] a, double[] b) => a.Zip(b, (u, v) => u * v).Sum();

    private static double LogSumExp(double[] values)
    {
        double max = values.Max();
        return max + Math.Log(values.Sum(value => Math.Exp(value - max)));
    }
}
