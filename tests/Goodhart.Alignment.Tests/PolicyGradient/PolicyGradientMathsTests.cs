using Goodhart.Alignment.PolicyGradient;
using Xunit;

namespace Goodhart.Alignment.Tests.PolicyGradient;

public sealed class PolicyGradientMathsTests
{
    private const double H = 1e-6;

    [Theory]
    [InlineData(-1.0, -1.1, 0.7)]
    [InlineData(-1.0, -1.1, -0.7)]
    [InlineData(-1.0, -2.0, 0.7)]
    [InlineData(-1.0, -2.0, -0.7)]
    [InlineData(-2.0, -1.0, 0.7)]
    [InlineData(-2.0, -1.0, -0.7)]
    public void The_surrogates_slope_is_its_difference_quotient(double logProb, double old, double advantage)
    {
        double Loss(double x) => ClippedSurrogate.Evaluate(x, old, advantage, 0.2).Loss;
        (double loss, double slope, bool clipped) = ClippedSurrogate.Evaluate(logProb, old, advantage, 0.2);
        Assert.Equal((Loss(logProb + H) - Loss(logProb - H)) / (2 * H), slope, 6);
        double ratio = Math.Exp(logProb - old);
        Assert.Equal(Math.Max(-advantage * ratio, -advantage * Math.Clamp(ratio, 0.8, 1.2)), loss, 12);
        Assert.Equal(slope == 0, clipped);
    }

    [Theory]
    [InlineData(0.1, 0.0, 1.0)]
    [InlineData(0.5, 0.0, 1.0)]
    [InlineData(0.5, 0.0, -1.0)]
    [InlineData(-0.5, 0.0, -1.0)]
    public void The_value_losss_slope_is_its_difference_quotient(double value, double old, double target)
    {
        double Loss(double x) => ClippedValueLoss.Evaluate(x, old, target, 0.2).Loss;
        Assert.Equal((Loss(value + H) - Loss(value - H)) / (2 * H), ClippedValueLoss.Evaluate(value, old, target, 0.2).Slope, 6);
    }

    [Fact]
    public void Advantages_are_returns_less_values_at_lambda_one_and_one_step_errors_at_zero()
    {
        double[] rewards = [1, 0, -2];
        double[] values = [0.5, 0.25, 1];
        Assert.Equal([-1 - 0.5, -2 - 0.25, -2 - 1.0], GeneralizedAdvantage.Estimate(rewards, values, 1, 1));
        Assert.Equal([1 + 0.25 - 0.5, 0 + 1 - 0.25, -2 - 1.0], GeneralizedAdvantage.Estimate(rewards, values, 1, 0));

        // γ 0.9, λ 0.5: errors 0.725, 0.65, −3; sums from the end with factor 0.45.
        double[] mixed = GeneralizedAdvantage.Estimate(rewards, values, 0.9, 0.5);
        Assert.Equal(0.65 + (0.45 * -3), mixed[1], 12);
        Assert.Equal(0.725 + (0.45 * mixed[1]), mixed[0], 12);
    }

    [Fact]
    public void The_score_falls_on_the_last_token_and_the_penalty_on_every_one() =>
        Assert.Equal([-0.5, 2 + 0.25], TokenRewards.Of(TokenRewards.Kl([-1, -2], [-2, -1.5f], new K1Estimator()), 0.5, 2));

    [Fact]
    public void A_missing_end_costs_an_amount_or_the_score_itself()
    {
        Assert.Equal(0.5, new MissingEosPenalty(1).Score(1.5));
        Assert.Equal(-1, new MissingEosScore(-1).Score(1.5));
    }

    [Fact]
    public void A_leave_one_out_baseline_is_the_mean_of_the_others()
    {
        Assert.Equal([1 - 3.5, 2 - 3, 5 - 1.5], LeaveOneOut.Advantages([1, 2, 5]));
        Assert.Throws<ArgumentException>(() => LeaveOneOut.Advantages([1]));
    }

    [Fact]
    public void Whitening_gives_unit_variance_and_keeps_the_mean_where_asked()
    {
        double[] white = [.. Whitening.Apply([[1, 2], [3, 4, 5]], shift: true).SelectMany(v => v)];
        Assert.Equal(0, white.Average(), 12);
        Assert.Equal(1, white.Sum(v => v * v) / 4, 6);
        Assert.Equal(3, Whitening.Apply([[1, 2], [3, 4, 5]], shift: false).SelectMany(v => v).Average(), 12);
    }

    [Fact]
    public void The_adaptive_coefficient_follows_the_target_by_a_fifth_at_most()
    {
        AdaptiveKl adaptive = new() { Initial = 0.1, Target = 6, Horizon = 1000 };
        Assert.Equal(0.1 * (1 + (0.2 * 100 / 1000)), adaptive.Next(0.1, 60, 100), 12);
        Assert.Equal(0.1 * (1 - (0.1 * 100 / 1000)), adaptive.Next(0.1, 5.4, 100), 12);
        Assert.Equal(0.3, new FixedKl { Initial = 0.3 }.Next(0.3, 60, 100));
    }
}
