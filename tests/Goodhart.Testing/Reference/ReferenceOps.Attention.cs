using Goodhart.Engine;
using Goodhart.Engine.Cpu;

namespace Goodhart.Testing.Reference;

internal sealed unsafe partial class ReferenceOps
{
    public void Attention(IPlan plan, Queries queries, Mat qkv, int heads, Mat y, Mat logSumExp)
    {
        int dim = qkv.Cols / (3 * heads);
        foreach ((int query, int row, int[] keys) in Sight(plan, queries))
        {
            for (int h = 0; h < heads; h++)
            {
                int head = h;
                double[] scores = [.. keys.Select(key => Score(qkv, row, key, head, dim))];
                double lse = LogSumExp(scores);
                At(logSumExp, query, h) = (float)lse;
                for (int j = 0; j < dim; j++)
                {
                    double sum = 0;
                    for (int k = 0; k < keys.Length; k++)
                    {
                        sum += Math.Exp(scores[k] - lse) * At(qkv, keys[k], ValueColumn(h, dim) + j);
                    }

                    At(y, query, (h * dim) + j) = (float)sum;
                }
            }
        }
    }

    public void AttentionGrad(IPlan plan, Queries queries, Mat qkv, int heads, Mat y, Mat logSumExp, Mat dy, Mat dQkv)
    {
        int dim = qkv.Cols / (3 * heads);
        double[,] gradient = new double[qkv.Rows, qkv.Cols];
        foreach ((int query, int row, int[] keys) in Sight(plan, queries))
        {
            for (int h = 0; h < heads; h++)
            {
                int q = QueryColumn(h, dim);
                double delta = 0;
                for (int j = 0; j < dim; j++)
                {
                    delta += (double)At(dy, query, (h * dim) + j) * At(y, query, (h * dim) + j);
                }

                foreach (int key in keys)
                {
                    double p = Math.Exp(Score(qkv, row, key, h, dim) - At(logSumExp, query, h));
                    double dp = 0;
                    for (int j = 0; j < dim; j++)
                    {
                        double upstream = At(dy, query, (h * dim) + j);
                        dp += upstream * At(qkv, key, ValueColumn(h, dim) + j);
                        gradient[key, ValueColumn(h, dim) + j] += p * upstream;
                    }

                    double ds = p * (dp - delta) / Math.Sqrt(dim);
                    for (int j = 0; j < dim; j++)
                    {
                        gradient[row, q + j] += ds * At(qkv, key, q + dim + j);
                        gradient[key, q + dim + j] += ds * At(qkv, row, q + j);
                    }
                }
            }
        }

        Each(dQkv, (i, j) => At(dQkv, i, j) = (float)gradient[i, j]);
    }

    public void KvAppend(Mat qkv, int heads, Mat cacheRows, Mat cache)
    {
        int dim = qkv.Cols / (3 * heads);
        Each(qkv, (i, c) =>
        {
            (int h, int part, int j) = (c / (3 * dim), c / dim % 3, c % dim);
            if (part > 0)
            {
                At(cache, Index(cacheRows, i), ((part - 1) * heads * dim) + (h * dim) + j) = At(qkv, i, c);
            }
        });
    }

    public void DecodeAttention(Mat qkv, int heads, Mat cache, Mat ranges, Mat y)
    {
        int dim = qkv.Cols / (3 * heads);
        for (int i = 0; i < qkv.Rows; i++)
        {
            int row = i;
            int[] keys =
            [
                .. Enumerable.Range(Index(ranges, i, 0), Index(ranges, i, 1)),
                .. Enumerable.Range(Index(ranges, i, 2), Index(ranges, i, 3)),
            ];
            for (int h = 0; h < heads; h++)
            {
                int head = h;
                double[] scores =
                [
                    .. keys.Select(key => Enumerable.Range(0, dim).Sum(
                        j => (double)At(qkv, row, QueryColumn(head, dim) + j) * At(cache, key, (head * dim) + j)) / Math.Sqrt(dim)),
                ];
                double lse = LogSumExp(scores);
                for (int j = 0; j < dim; j++)
                {
                    int column = (heads * dim) + (h * dim) + j;
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

    private static int QueryColumn(int head, int dim) => head * 3 * dim;

    private static int ValueColumn(int head, int dim) => QueryColumn(head, dim) + (2 * dim);

    private double Score(Mat qkv, int row, int key, int head, int dim)
    {
        double sum = 0;
        for (int j = 0; j < dim; j++)
        {
            sum += (double)At(qkv, row, QueryColumn(head, dim) + j) * At(qkv, key, QueryColumn(head, dim) + dim + j);
        }

        return sum / Math.Sqrt(dim);
    }

    /// <summary>Every query row with the rows it sees: its ancestors' and its own segment's up to itself.</summary>
    private static IEnumerable<(int Query, int Row, int[] Keys)> Sight(IPlan plan, Queries queries)
    {
        SequencePlan source = plan.Source;
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
                    yield return (query++, row, [.. ancestors, .. Enumerable.Range(start, row - start + 1)]);
                }
            }
        }
    }
}
