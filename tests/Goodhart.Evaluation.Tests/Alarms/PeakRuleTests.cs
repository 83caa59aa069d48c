using Goodhart.Evaluation.Alarms;
using Goodhart.Evaluation.Forecasts;
using Xunit;

namespace Goodhart.Evaluation.Tests.Alarms;

public sealed class PeakRuleTests
{
    [Fact]
    public void A_run_that_ends_below_its_best_has_peaked_there()
    {
        RunTruth truth = PeakRule.Of(At(0.40), [At(0.50), At(0.60), At(0.59), At(0.40)]);
        Assert.Equal((RunOutcome.Peaked, 1), (truth.Outcome, truth.Peak));
        Assert.Equal([false, false, null, true], truth.Past);
    }

    [Fact]
    public void A_run_may_peak_before_it_begins()
    {
        RunTruth truth = PeakRule.Of(At(0.60), [At(0.50), At(0.45)]);
        Assert.Equal((RunOutcome.Peaked, -1), (truth.Outcome, truth.Peak));
        Assert.Equal([true, true], truth.Past);
    }

    [Fact]
    public void A_run_whose_end_is_the_highest_is_not_past_anything()
    {
        RunTruth truth = PeakRule.Of(At(0.40), [At(0.50), At(0.42), At(0.60)]);
        Assert.Equal(RunOutcome.Rising, truth.Outcome);
        Assert.Equal([false, false, false], truth.Past);
    }

    [Fact]   // one standard error below: nobody knows
    public void A_small_fall_decides_nothing()
    {
        RunTruth truth = PeakRule.Of(At(0.40), [At(0.60), At(0.586)]);
        Assert.Equal(RunOutcome.Undecided, truth.Outcome);
        Assert.Equal([null, null], truth.Past);
    }

    [Fact]   // 2.2 errors of .014: p = .014 by itself, .056 where four checkpoints could have been the peak
    public void The_more_checkpoints_the_larger_the_fall_that_decides()
    {
        Assert.Equal(RunOutcome.Peaked, PeakRule.Of(At(0.40), [At(0.60), At(0.569)]).Outcome);
        Assert.Equal(RunOutcome.Undecided, PeakRule.Of(At(0.40), [At(0.60), At(0.5), At(0.5), At(0.569)]).Outcome);
    }

    [Fact]
    public void Prompts_in_common_decide_more()
    {
        double[] best = [.. Enumerable.Range(0, 200).Select(i => i % 2 == 0 ? 1.0 : 0)];
        double[] end = [.. best.Select((win, i) => i < 20 ? 0 : win)];
        RunMeasurement Wins(double[] wins) => new(1, wins.Average(), null, 1, wins);
        RunTruth truth = PeakRule.Of(Wins([.. best.Select(_ => 0.0)]), [Wins(best), Wins(end)]);
        Assert.Equal([false, true], truth.Past);
    }

    private static RunMeasurement At(double winRate) => new(1, winRate, 0.01, 1);
}
