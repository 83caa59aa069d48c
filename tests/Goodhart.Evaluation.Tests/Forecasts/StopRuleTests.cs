using Goodhart.Evaluation.Forecasts;
using Xunit;

namespace Goodhart.Evaluation.Tests.Forecasts;

public sealed class StopRuleTests
{
    [Fact]
    public void Stops_at_a_decline_beyond_chance_only()
    {
        StopRule rule = StopRule.Default;
        Assert.False(rule.Decide([At(0.2, 0.5)]).Stop);
        Assert.False(rule.Decide([At(0.2, 0.5), At(0.4, 0.55)]).Stop);
        Assert.False(rule.Decide([At(0.2, 0.5), At(0.4, 0.48)]).Stop);   // 0.02 ± 0.042

        StopDecision stop = rule.Decide([At(0.2, 0.5), At(0.4, 0.6), At(0.6, 0.45)]);
        Assert.Equal((true, 1), (stop.Stop, stop.Best));
        Assert.StartsWith("0.450 at 60 % against 0.600 at 40 %: worse, p = 0.0002", stop.Reason, StringComparison.Ordinal);
        Assert.False(rule.Decide([At(0.2, 0.6) with { StandardError = null }, At(0.4, 0.1)]).Stop);
    }

    [Fact]   // one flip of eight prompts is lost from 8 to 6 of 8: means 1 and 0.75, differences six 0 and two 1
    public void Shared_prompts_make_the_comparison_paired()
    {
        RunMeasurement best = new(0.2, 1, null, null, [1, 1, 1, 1, 1, 1, 1, 1]);
        RunMeasurement later = new(0.4, 0.75, null, null, [0, 0, 1, 1, 1, 1, 1, 1]);

        // t = 0.25 / √(1.5/7/8) = 1.5275 on 7 degrees of freedom: one-sided p 0.0852.
        Assert.False(new SignificantDecline(0.08).Decide([best, later]).Stop);
        Assert.True(new SignificantDecline(0.09).Decide([best, later]).Stop);
    }

    [Fact]
    public void Baselines_do_what_they_say()
    {
        RunMeasurement[] run = [At(0.2, 0.5), At(0.4, 0.6), At(0.6, 0.59), At(1, 0.3)];
        Assert.False(new AlwaysLast().Decide(run).Stop);
        Assert.Equal(3, new AlwaysLast().Keep(run));
        Assert.Equal(1, new KeepBest().Keep(run));
        Assert.True(new FirstDecline().Decide(run[..3]).Stop);
        Assert.False(new FirstDecline().Decide(run[..2]).Stop);
        Assert.True(new FixedKlRule(1.5).Decide([run[0] with { SqrtKl = 1.6 }]).Stop);
        Assert.False(new FixedKlRule(1.5).Decide([run[0] with { SqrtKl = 1.4 }]).Stop);
        Assert.False(new FixedKlRule(1.5).Decide([run[0]]).Stop);   // not measured
    }

    [Fact]   // the others say d* = 1 within a tenth
    public void Past_the_forecast_peak()
    {
        PastForecastPeak rule = new(new(0, 0.1, 5));
        Assert.False(rule.Decide([At(0.2, 0.55) with { SqrtKl = 0.6 }]).Stop);
        Assert.True(rule.Decide([At(0.2, 0.55) with { SqrtKl = 0.6 }, At(0.4, 0.53) with { SqrtKl = 2 }]).Stop);
        Assert.False(rule.Decide([At(0.2, 0.55)]).Stop);
    }

    private static RunMeasurement At(double fraction, double score) => new(fraction, score, 0.03, null);
}
