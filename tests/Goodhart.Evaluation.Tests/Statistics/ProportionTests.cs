using System.Text.Json;
using Goodhart.Evaluation.Statistics;
using Xunit;
using static Goodhart.Evaluation.Tests.GoldenStatistics;

namespace Goodhart.Evaluation.Tests.Statistics;

public sealed class ProportionTests
{
    [Fact]
    public void Intervals_and_the_exact_test_agree_with_the_reference()
    {
        foreach (JsonElement c in Cases("winrate_intervals.json", "cases"))
        {
            (int wins, int n, double level) = (c.GetProperty("wins").GetInt32(), c.GetProperty("n").GetInt32(), c.Double("confidence"));
            string what = $"{wins} of {n} at {level}";
            ConfidenceInterval wilson = Proportion.Wilson(wins, n, level);
            Close(c.Double("low"), wilson.Low, what + " Wilson low", absolute: 1e-14);
            Close(c.Double("high"), wilson.High, what + " Wilson high");
            double p = Proportion.BinomialPAgainstHalf(wins, n);
            Close(c.Double("two_sided_binomial_p_vs_half"), p, what + " p", relative: 1e-8, absolute: 0);
        }
    }

    [Theory]
    [InlineData(-1, 5), InlineData(6, 5), InlineData(0, 0)]
    public void Impossible_counts_are_refused(int wins, int count) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Proportion.Wilson(wins, count));
}
