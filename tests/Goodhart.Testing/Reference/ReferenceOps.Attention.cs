using Goodhart.Engine;
using Goodhart.Engine.Cpu;

namespace Goodhart.Testing.Reference;

internal sealed unsafe partial class ReferenceOps
{
    public void Attention(IPlan plan, Queries queries, AttentionInputs inputs, Mat y, Mat logSumExp)
    {
        int dim = inputs.Queries.Dim;
        foreach ((int query, int row, int[] keys) in Sight(plan, queries, inputs))
        {
            for (int h = 0; h < inputs.Queries.Count; h++)
            {
                (int head, int shared) = (h, h / inputs.Group);
                double[] scores = [.. keys.Select(key => Score(inputs, row, key, head))];
                double lse = LogSumExp(scores);
                At(logSumExp, query, h) = (float)lse;
                for (int j = 0; j < dim; j++)
                {
                    double sum = 0;
                    for (int k = 0; k < keys.Length; k++)
                    {
                        sum += Math.Exp(scores[k] - lse) * At(inputs.Values, keys[k], shared, j);
                    }

                    At(y, query, (h * dim) + j) = (float)sum;
                }
            }
        }
    }

    public void AttentionGrad(
        IPlan plan, Queries queries, AttentionInputs inputs, Mat y, Mat logSumExp, Mat dy, AttentionInputs gradients)
    {
        int dim = inputs.Queries.Dim;
        double[,] dQueries = new double[inputs.Queries.Rows, inputs.Queries.Width];
        double[,] dKeys = new double[inputs.Keys.Rows, inputs.Keys.Width];
        double[,] dValues = new double[inputs.Values.Rows, inputs.Values.Width];
        foreach ((int query, int row, int[] keys) in Sight(plan, queries, inputs))
        {
            for (int h = 0; h < inputs.Queries.Count; h++)
            {
                int shared = h / inputs.Group;
                double delta = 0;
                for (int j = 0; j < dim; j++)
                {
                    delta += (double)At(dy, query, (h * dim) + j) * At(y, query, (h * dim) + j);
                }

                foreach (int key in keys)
                {
                    double p = Math.Exp(Score(inputs, row, key, h) - At(logSumExp, query, h));
                    double dp = 0;
                    for (int j = 0; j < dim; j++)
                    {
                        double upstream = At(dy, query, (h * dim) + j);
                        dp += upstream * At(inputs.Values, key, shared, j);
                        dValues[key, (shared * dim) + j] += p * upstream;
                    }

                    double ds = p * (dp - delta) / Math.Sqrt(dim);
                    for (int j = 0; j < dim; j++)
                    {
                        dQueries[row, (h * dim) + j] += ds * At(inputs.Keys, key, shared, j);
                        dKeys[key, (shared * dim) + j] += ds * At(inputs.Queries, row, h, j);
                    }
                }
            }
        }

        Write(gradients.Queries, dQueries);
        Write(gradients.Keys, dKeys);
        Write(gradients.Values, dValues);

        void Write(Heads heads, double[,] sums)
        {
            for (int row = 0; row < heads.Rows; row++)
            {
                for (int c = 0; c < heads.Width; c++)
                {
                    At(heads, row, c / dim, c % dim) = (float)sums[row, c];
                }
            }
        }
    }

    public void KvAppend(Heads keys, Heads values, Mat cacheRows, Mat cache)
    {
        for (int i = 0; i < keys.Rows; i++)
        {
            for (int c = 0; c < keys.Width; c++)
            {
                At(cache, Index(cacheRows, i), c) = At(keys, i, c / keys.Dim, c % keys.Dim);
                At(cache, Index(cacheRows, i), keys.Width + c) = At(values, i, c / keys.Dim, c % keys.Dim);
            }
        }
    }

    public void DecodeAttention(Heads queries, int keyValueHeads, Mat cache, Mat ranges, int window, Mat y)
    {
        int dim = queries.Dim;
        for (int i = 0; i < queries.Rows; i++)
        {
            int row = i;
            int[] seen =
            [
                .. Enumerable.Range(Index(ranges, i, 0), Index(ranges, i, 1)),
                .. Enumerable.Range(Index(ranges, i, 2), Index(ranges, i, 3)),
            ];
            int[] keys = window == 0 ? seen : [.. seen.TakeLast(window)];
            for (int h = 0; h < queries.Count; h++)
            {
                int head = h;
                int shared = h / (queries.Count / keyValueHeads);
                double[] scores =
                [
                    .. keys.Select(key => Enumerable.Range(0, dim).Sum(
                        j => (double)At(queries, row, head, j) * At(cache, key, (shared * dim) + j)) / Math.Sqrt(dim)),
                ];
                double lse = LogSumExp(scores);
                for (int j = 0; j < dim; j++)
                {
                    int column = (keyValueHeads * dim) + (shared * dim) + j;
                    At(y, i, (h * dim) + j) = (float)keys.Select((key, k) => Math.Exp(scores[k] - lse) * At(cache, key, column)).Sum();
                }
            }
        }
    }

    internal static double LogSumExp(double[] z)
    {
        double max = z.Max();
        return max + Math.Log(z.Sum(value => Math.Exp(value - max)));
    }

    private double Score(AttentionInputs inputs, int row, int key, int head)
    {
        double sum = 0;
        for (int j = 0; j < inputs.Queries.Dim; j++)
        {
            sum += (double)At(inputs.Queries, row, head, j) * At(inputs.Keys, key, head / inputs.Group, j);
        }

        return sum / Math.Sqrt(inputs.Queries.Dim);
    }

    private ref float At(Heads heads, int row, int head, int j) => ref At(heads.Mat, row, heads.First + (head * heads.Stride) + j);

    /// <summary>
    /// Every query with its row among the queries and the rows it sees: its ancestors' and its own segment's up to itself.
    /// </summary>
    private static IEnumerable<(int Query, int Row, int[] Keys)> Sight(IPlan plan, Queries queries, AttentionInputs inputs)
    {
        SequencePlan source = plan.Source;
        bool alone = inputs.Queries.Rows < source.Rows;
        int query = 0;
        for (int s = 0; s < source.Segments.Count; s++)
        {
            List<int> ancestors = [];
            for (int parent = source.Segments[s].Parent; parent >= 0; parent = source.Segments[parent].Parent)
            {
                ancestors.InsertRange(0, Enumerable.Range(source.Segments[parent].Start, source.Segments[parent].Length));
            }

            for (int row = source.Segments[s].Start; row < source.End(s); row++)
            {
                if (queries == Queries.All || source.HeadRows.AsSpan().BinarySearch(row) >= 0)
                {
                    int start = source.Segments[s].Start;
                    int[] before = [.. ancestors, .. Enumerable.Range(start, row - start + 1)];
                    yield return (query, alone ? query : row, inputs.Window == 0 ? before : [.. before.TakeLast(inputs.Window)]);
                    query++;
                }
            }
        }
    }
}
