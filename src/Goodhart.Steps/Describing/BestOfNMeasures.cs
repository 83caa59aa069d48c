using Goodhart.Evaluation.Points;
using Goodhart.Evaluation.Rewards;
using Goodhart.Evaluation.Statistics;

namespace Goodhart.Steps.Describing;

/// <summary>Best-of-n as a policy: means over all subsets of n of each prompt's pool of what their best sample is worth.</summary>
internal sealed class BestOfNMeasures
{
    private readonly double[][] proxy;
    private readonly int n;
    private readonly BestOfNPool[] pools;

    /// <param name="proxy">The reward by which the best is chosen, by prompt and sample.</param>
    public BestOfNMeasures(double[][] proxy, int n)
    {
        (this.proxy, this.n) = (proxy, n);
        pools = [.. proxy.Select(rewards => new BestOfNPool(rewards))];
    }

    /// <summary>D_KL to one sample, by prompt.</summary>
    public double[] Kl => [.. pools.Select(pool => pool.Kl(n))];

    /// <summary>For reading: which of each prompt's first n samples is the best.</summary>
    public int[] Winners => [.. proxy.Select(rewards => Enumerable.Range(0, n).MaxBy(k => rewards[k]))];

    /// <summary>Of any quantity, by prompt.</summary>
    /// <param name="values">By prompt and sample.</param>
    public double[] Means(double[][] values) => [.. pools.Select((pool, i) => pool.Mean(values[i], n))];

    /// <summary>
    /// The same where some samples have no value: the mean over those that have one. NaN where no sample that can be the best has.
    /// </summary>
    /// <param name="values">NaN for none.</param>
    public double[] MeansOfKnown(double[][] values) =>
    [
        .. pools.Select((pool, i) =>
        {
            double share = pool.Mean(Array.ConvertAll(values[i], value => double.IsNaN(value) ? 0.0 : 1), n);
            return share == 0 ? double.NaN : pool.Mean(Array.ConvertAll(values[i], value => double.IsNaN(value) ? 0 : value), n) / share;
        }),
    ];

    /// <summary>What needs neither judge nor gold reward.</summary>
    /// <param name="sft">Whose samples these are.</param>
    /// <param name="lengths">By prompt.</param>
    public CheckpointPoint Point(CheckpointPoint sft, double[] lengths)
    {
        (MeanEstimate kl, MeanEstimate length, MeanEstimate reward) = (
            MeanEstimate.Of(Kl), MeanEstimate.Of(lengths), MeanEstimate.Of(Means(proxy)));
        return new CheckpointPoint
        {
            Loss = RlhfMethods.BestOfN,
            Model = sft.Model,
            Parameters = sft.Parameters,
            NonEmbedding = sft.NonEmbedding,
            Seed = sft.Seed,
            Fraction = 1,
            BestOf = n,
            Kl = kl.Mean,
            KlSe = kl.StandardError,
            KlBound = BestOfN.Kl(n),
            ProxyReward = reward.Mean,
            ProxyRewardSe = reward.StandardError,
            Length = length.Mean,
            LengthSe = length.StandardError,
        };
    }
}
