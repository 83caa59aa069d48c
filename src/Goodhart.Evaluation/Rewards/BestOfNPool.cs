using Goodhart.Evaluation.Statistics;

namespace Goodhart.Evaluation.Rewards;

/// <summary>
/// Best-of-n from a pool of N samples of one prompt: the mean of any quantity over all subsets of n, at once and without drawing any.
/// </summary>
/// <remarks>
/// The subset's winner is its highest proxy reward, ties broken evenly. The k-th lowest of N wins in C(k − 1, n − 1) of the C(N, n)
/// subsets, so the mean is unbiased for sampling n responses (Nakano et al. 2021, whose estimator Gao et al. 2023 use).
/// </remarks>
public sealed class BestOfNPool
{
    private readonly double[] sorted;
    private readonly int[] order;

    /// <param name="proxy">Reward by which the best is chosen: one per sample of the pool.</param>
    public BestOfNPool(ReadOnlySpan<double> proxy)
    {
        if (proxy.IsEmpty)
        {
            throw new ArgumentException("A pool needs at least one sample.", nameof(proxy));
        }

        sorted = proxy.ToArray();
        order = [.. Enumerable.Range(0, sorted.Length)];
        Array.Sort(sorted, order);
    }

    public int Size => sorted.Length;

    /// <summary>Mean of a quantity of the best of n, over all subsets of n of the pool.</summary>
    /// <param name="values">Of each sample, in the order of the proxy rewards.</param>
    public double Mean(ReadOnlySpan<double> values, int n)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(values.Length, Size);
        double[] weights = Weights(n);
        double mean = 0;
        foreach ((int start, int end) in Ties())
        {
            double share = 0;
            double sum = 0;
            for (int k = start; k < end; k++)
            {
                share += weights[k];
                sum += values[order[k]];
            }

            mean += share * sum / (end - start);
        }

        return mean;
    }

    /// <summary>KL(best of n‖one sample) in nats, with the pool's own distribution for the policy's: rewards that tie are one
    /// outcome.</summary>
    /// <remarks>Without ties it tends to log n − (n − 1)/n as the pool grows, see <see cref="BestOfN"/>; ties make it smaller.</remarks>
    public double Kl(int n)
    {
        double kl = 0;
        foreach ((int start, int end) in Ties())
        {
            double won = Math.Pow((double)end / Size, n) - Math.Pow((double)start / Size, n);
            kl += won == 0 ? 0 : won * Math.Log(won * Size / (end - start));
        }

        return kl;
    }

    /// <summary>P(the k-th lowest is the best of n) = C(k, n − 1)/C(N, n), k from 0; by recurrence, which never overflows.</summary>
    private double[] Weights(int n)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(n, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(n, Size);
        double[] weights = new double[Size];
        double weight = (double)n / Size;
        for (int k = Size - 1; k >= n - 1; k--)
        {
            weights[k] = weight;
            weight *= (k - n + 1.0) / k;
        }

        return weights;
    }

    private IEnumerable<(int Start, int End)> Ties()
    {
        for (int start = 0, end; start < sorted.Length; start = end)
        {
            end = start + 1;
            while (end < sorted.Length && sorted[end] == sorted[start])
            {
                end++;
            }

            yield return (start, end);
        }
    }
}
