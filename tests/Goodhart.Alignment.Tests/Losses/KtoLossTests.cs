using Goodhart.Alignment.Losses;
using Goodhart.Alignment.Training;
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
    [InlineData(true)]
    [InlineData(false)]
    public void The_slope_is_the_derivative_at_a_kl_that_is_held_fixed(bool isDesirable)
    {
        foreach (double beta in (double[])[0.05, 0.4, 1.6])
        {
            KtoLoss kto = new() { Beta = beta, DesirableWeight = 1.33, UndesirableWeight = 0.8 };
            foreach ((double logRatio, double kl) in ((double, double)[])[(1.7, 0), (-2.9, 0.4), (0.3, 3.1)])
            {
                double slope = LossBatch.Difference(h => kto.Term(logRatio + h, isDesirable, kl).Loss);
                Assert.Equal(slope, kto.Term(logRatio, isDesirable, kl).Slope, 1e-10);
                Assert.True(isDesirable == slope < 0, "a desirable response is drawn up, the other down");
            }
        }
    }

    [Fact]
    public void Extreme_and_infinite_log_ratios_give_no_NaN_and_NaN_gives_NaN()
    {
        double[] ends = [0, 1e3, 1e5, double.PositiveInfinity];
        foreach (double beta in (double[])[0.001, 1, 10])
        {
            KtoLoss kto = new() { Beta = beta, DesirableWeight = 1, UndesirableWeight = 1 };
            foreach ((double logRatio, double kl) in from a in ends.Concat(ends.Select(a => -a)) from z in (double[])[0, 1e5] select (a, z))
            {
                foreach (bool isDesirable in (bool[])[true, false])
                {
                    (double loss, double slope) = kto.Term(logRatio, isDesirable, kl);
                    Assert.InRange(loss, 0, 1);
                    Assert.InRange(Math.Abs(slope), 0, beta);
                }
            }

            Assert.Equal(double.NaN, kto.Term(double.NaN, isDesirable: true, 0).Loss);
            Assert.Equal(double.NaN, kto.Term(0, isDesirable: false, double.NaN).Loss);
        }
    }

    [Fact]
    public void At_the_reference_a_batch_has_half_the_mean_weight()
    {
        KtoLoss kto = new() { Beta = 0.1, DesirableWeight = 2, UndesirableWeight = 0.5 };
        LabelledLogProbs[] rows = [new(-9, -9, true), new(-4, -4, false), new(-7, -7, false), new(-1, -1, false)];
        KtoReport report = KtoReport.From(kto, 0, rows, default);
        Assert.Equal(kto.ValueAtReference(1, 3), report.Loss, 1e-15);
        Assert.Equal((0.4375, 0.0, 1, 3), (report.Loss, report.Margin, report.Desirable, report.Undesirable));
        Assert.Equal((-9.0, -4.0), (report.LogProbDesirable, report.LogProbUndesirable));
    }

    [Fact]
    public void A_kind_that_a_batch_lacks_has_no_means()
    {
        KtoReport report = KtoReport.From(
            new() { Beta = 0.1, DesirableWeight = 1, UndesirableWeight = 1 }, 0.5, [new(-9, -10, true), new(-9, -12, true)], default);
        Assert.Equal(0.2, report.RewardDesirable!.Value, 1e-15);
        Assert.Null(report.RewardUndesirable);
        Assert.Null(report.LogProbUndesirable);
        Assert.Null(report.Margin);
    }

    [Fact]
    public void Bad_numbers_are_refused()
    {
        Assert.StartsWith(
            "kto: expected a finite beta above 0, got -1.", Assert.ThrowsAny<ArgumentException>(
                () => KtoLoss.Entry.Create(-1)).Message, StringComparison.Ordinal);
        Assert.All(KtoLoss.Entry.Parameters, parameter => Assert.StartsWith(
            $"kto: expected {parameter.Name} above 0, and finite, got 0.",
            Assert.Throws<ArgumentException>(
                () => KtoLoss.Entry.Create(1, new Dictionary<string, double> { [parameter.Name] = 0 })).Message,
            StringComparison.Ordinal));
        KtoLoss given = (KtoLoss)KtoLoss.Entry.Create(
            0.3, new Dictionary<string, double> { ["desirable-weight"] = 2, ["undesirable-weight"] = 3 });
        Assert.Equal(new KtoLoss { Beta = 0.3, DesirableWeight = 2, UndesirableWeight = 3 }, given);
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
