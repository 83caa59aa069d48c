namespace Goodhart.Engine.Conformance;

/// <summary>Attention over a forest as nested loops in double: for every row, the rows it sees, by walking up the parents.</summary>
internal static class AttentionReference
{
    /// <summary>Rows that a row sees: its ancestors' and its own segment's up to itself.</summary>
    public static List<int> Seen(SequencePlan plan, int row)
    {
        int segment = 0;
        while (row >= plan.End(segment) || row < plan.Segments[segment].Start)
        {
            segment++;
        }

        List<int> seen = [.. Enumerable.Range(plan.Segments[segment].Start, row - plan.Segments[segment].Start + 1)];
        for (int s = plan.Segments[segment].Parent; s >= 0; s = plan.Segments[s].Parent)
        {
            seen.AddRange(Enumerable.Range(plan.Segments[s].Start, plan.Segments[s].Length));
        }

        return seen;
    }

    /// <summary>y [asking, heads·dim] and logSumExp [asking, heads].</summary>
    public static (double[] Y, double[] LogSumExp) Forward(SequencePlan plan, int[] asking, double[] qkv, int heads, int dim)
    {
        double[] y = new double[asking.Length * heads * dim];
        double[] logSumExp = new double[asking.Length * heads];
        for (int i = 0; i < asking.Length; i++)
        {
            for (int h = 0; h < heads; h++)
            {
                (List<int> seen, double[] p, double lse) = Probabilities(plan, asking[i], qkv, heads, dim, h);
                logSumExp[(i * heads) + h] = lse;
                for (int c = 0; c < dim; c++)
                {
                    y[(i * heads * dim) + (h * dim) + c] = seen.Select((row, k) => p[k] * qkv[At(row, h, 2, c, heads, dim)]).Sum();
                }
            }
        }

        return (y, logSumExp);
    }

    public static double[] Backward(SequencePlan plan, int[] asking, double[] qkv, int heads, int dim, double[] dy)
    {
        double[] d = new double[qkv.Length];
        double scale = 1 / Math.Sqrt(dim);
        for (int i = 0; i < asking.Length; i++)
        {
            for (int h = 0; h < heads; h++)
            {
                (List<int> seen, double[] p, _) = Probabilities(plan, asking[i], qkv, heads, dim, h);
                ReadOnlySpan<double> up = dy.AsSpan((i * heads * dim) + (h * dim), dim);
                double[] dp = new double[p.Length];
                for (int k = 0; k < p.Length; k++)
                {
                    for (int c = 0; c < dim; c++)
                    {
                        dp[k] += up[c] * qkv[At(seen[k], h, 2, c, heads, dim)];
                        d[At(seen[k], h, 2, c, heads, dim)] += p[k] * up[c];
                    }
                }

                double mean = dp.Zip(p, (a, b) => a * b).Sum();
                for (int k = 0; k < p.Length; k++)
                {
                    double ds = scale * p[k] * (dp[k] - mean);
                    for (int c = 0; c < dim; c++)
                    {
                        d[At(asking[i], h, 0, c, heads, dim)] += ds * qkv[At(seen[k], h, 1, c, heads, dim)];
                        d[At(seen[k], h, 1, c, heads, dim)] += ds * qkv[At(asking[i], h, 0, c, heads, dim)];
                    }
                }
            }
        }

        return d;
    }

    private static (List<int> Seen, double[] P, double LogSumExp) Probabilities(
        SequencePlan plan, int row, double[] qkv, int heads, int dim, int h)
    {
        List<int> seen = Seen(plan, row);
        double[] s = new double[seen.Count];
        for (int k = 0; k < s.Length; k++)
        {
            for (int c = 0; c < dim; c++)
            {
                s[k] += qkv[At(row, h, 0, c, heads, dim)] * qkv[At(seen[k], h, 1, c, heads, dim)] / Math.Sqrt(dim);
            }
        }

        double max = s.Max();
        double lse = max + Math.Log(s.Sum(v => Math.Exp(v - max)));
        return (seen, [.. s.Select(v => Math.Exp(v - lse))], lse);
    }

    private static int At(int row, int head, int which, int c, int heads, int dim) => (((((row * heads) + head) * 3) + which) * dim) + c;
}
