using Goodhart.Engine.Randomness;
using Goodhart.Evaluation.Rewards;
using Xunit;

namespace Goodhart.Evaluation.Tests.Rewards;

public sealed class RewardCalibrationTests
{
    [Fact]
    public void Margins_that_are_true_log_odds_are_calibrated_and_doubled_ones_are_not()
    {
        double[] truth =
        [
            .. Enumerable.Range(0, 20_000).Select(i =>
            {
                RandomStream random = new(1, "pairs", (uint)i);
                double logOdds = 1.5 * random.NextNormal();
                return random.NextDouble() < 1 / (1 + Math.Exp(-logOdds)) ? logOdds : -logOdds;
            }),
        ];
        RewardCalibration calibrated = RewardCalibration.Of(truth);
        RewardCalibration sure = RewardCalibration.Of([.. truth.Select(margin => 2 * margin)]);
        Assert.InRange(calibrated.ExpectedCalibrationError, 0, 0.012);
        Assert.InRange(sure.ExpectedCalibrationError, 0.05, 0.2);
        Assert.Equal(calibrated.Accuracy, sure.Accuracy);
        Assert.True(calibrated.Loss < sure.Loss);
        Assert.All(
            calibrated.Bins, bin => Assert.True(Math.Abs(bin.Accuracy.Mean - bin.Confidence) < (4 * bin.Accuracy.StandardError) + 0.01));
    }

    [Fact]
    public void A_model_that_knows_nothing_has_half_the_pairs_and_log_two()
    {
        RewardCalibration blind = RewardCalibration.Of([0, 0, 0]);
        Assert.Equal(0.5, blind.Accuracy.Mean);
        Assert.Equal(Math.Log(2), blind.Loss, 12);
        Assert.Equal(0, blind.ExpectedCalibrationError);
    }

    [Fact]
    public void Ensembles_are_the_mean_the_lowest_and_the_mean_less_the_spread()
    {
        double[] rewards = [1, 2, 6];
        Assert.Equal(3, new MeanEnsemble().Combine(rewards));
        Assert.Equal(1, new WorstCaseEnsemble().Combine(rewards));
        Assert.Equal(3 - (0.5 * 14.0 / 3), new UncertaintyWeightedEnsemble(0.5).Combine(rewards), 12);
    }
}
