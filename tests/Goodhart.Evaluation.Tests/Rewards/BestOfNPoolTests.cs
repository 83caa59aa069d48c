using Goodhart.Evaluation.Rewards;
using Goodhart.Evaluation.Statistics;
using Xunit;

namespace Goodhart.Evaluation.Tests.Rewards;

public sealed class BestOfNPoolTests
{
    private static readonly double[] Proxy = [0.3, -1, 2, 0.3, 0.7, 2, -0.2];
    private static readonly double[] Gold = [1, 5, -2, 4, 0.5, 3, 7];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(5)]
    [InlineData(7)]
    public void The_mean_over_all_subsets_is_what_listing_them_gives(int n)
    {
        double sum = 0;
        int subsets = 0;
        for (int mask = 0; mask < 1 << Proxy.Length; mask++)
        {
            int[] members = [.. Enumerable.Range(0, Proxy.Length).Where(i => (mask >> i & 1) == 1)];
            if (members.Length == n)
            {
                double best = members.Max(i => Proxy[i]);
                sum += members.Where(i => Proxy[i] == best).Average(i => Gold[i]);
                subsets++;
            }
        }

        Assert.Equal(sum / subsets, new BestOfNPool(Proxy).Mean(Gold, n), 12);
    }

    [Fact]
    public void A_large_pool_without_ties_has_the_analytic_kl()
    {
        BestOfNPool pool = new([.. Enumerable.Range(0, 20_000).Select(i => (double)i)]);
        foreach (int n in (int[])[1, 2, 4, 16, 64])
        {
            Assert.Equal(BestOfN.Kl(n), pool.Kl(n), 2);
        }
    }

    [Fact]
    public void Ties_make_the_kl_smaller_and_equal_rewards_leave_none()
    {
        Assert.Equal(0, new BestOfNPool([1, 1, 1, 1]).Kl(3), 12);

        // Two outcomes of one half each, best of 2: 3/4 and 1/4.
        Assert.Equal((0.75 * Math.Log(1.5)) + (0.25 * Math.Log(0.5)), new BestOfNPool([0, 1, 0, 1]).Kl(2), 12);
    }

    [Fact]
    public void More_than_the_pool_holds_is_refused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new BestOfNPool([1, 2]).Mean([1, 2], 3));
}
