using Goodhart.Alignment.Losses;
using Xunit;

namespace Goodhart.Alignment.Tests.Losses;

public sealed class KtoLossTests
{
    [Theory]
    [InlineData("kto_chosen", true)]
    [InlineData("kto_rejected", false)]
    public void A_response_matches_sixty_digit_arithmetic(string golden, bool isDesirable)
    {
        GoldenPair[] cases = GoldenLosses.Pairs(golden);
        Assert.True(cases.Length > 100);
        Assert.All(cases, c =>
        {
            KtoLoss kto = new() { Beta = c["beta"], DesirableWeight = c["weight"], UndesirableWeight = c["weight"] };
            double logRatio = isDesirable ? c["policy_chosen"] - c["reference_chosen"] : c["policy_rejected"] - c["reference_rejected"];
            (double loss, double slope) = kto.Term(logRatio, isDesirable, c["kl"]);
            Assert.Equal(c["loss"], loss, 1e-12 * Math.Abs(c["loss"]));
            double expected = c[isDesirable ? "grad_policy_chosen" : "grad_policy_rejected"];
            Assert.Equal(expected, slope, 1e-12 * Math.Abs(expected));
        });
    }

    [Theory]
    [InlineData(2.5, 4.0, 1.0)]
    [InlineData(0, -4.0, 1.0)]   // a mean below zero is no divergence
    public void The_kl_of_a_batch_is_its_mean_and_never_negative(double expected, params double[] logRatios) =>
        Assert.Equal(expected, KtoLoss.Kl(logRatios));

    [Fact]
    public void A_pair_is_the_mean_of_its_responses_each_against_the_other_halfs_kl()
    {
        PairLogProbs[] pairs = [new(-9, -11, -10, -12, 5, 5), new(-8, -20, -10, -21, 5, 5)];   // log-ratios 1, 1 and 2, 1
        KtoPairLoss loss = new() { Beta = 0.5, DesirableWeight = 2, UndesirableWeight = 3 };
        Assert.Equal((1.5, 1), KtoPairLoss.KlOf(pairs));
        double[] terms = [.. LossBatch.Terms(loss, pairs).Select(term => term.Loss)];
        Assert.Equal(0.5 * ((2 * 0.5) + (3 * LogSpace.Sigmoid(-0.25))), terms[0], 1e-15);   // z_l − a_w = 0, z_w − a_l = 0.5
        Assert.Equal(0.5 * ((2 * LogSpace.Sigmoid(-0.5)) + (3 * LogSpace.Sigmoid(-0.25))), terms[1], 1e-15);
    }
}
