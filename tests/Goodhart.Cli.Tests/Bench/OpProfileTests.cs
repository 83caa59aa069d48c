using Goodhart.Cli.Bench;
using Xunit;

namespace Goodhart.Cli.Tests.Bench;

public sealed class OpProfileTests
{
    /// <summary>Three rounds of 10 s, 12 s and 20 s by the bench's clock, whatever has gone by on the wall.</summary>
    [Fact]
    public void Operations_are_timed_by_the_clock_of_the_bench()
    {
        HandClock clock = new();
        OpProfile profile = new(clock);
        foreach (double seconds in (double[])[3, 5, 13])
        {
            profile.Round(() =>
            {
                profile.Time(new OpKey("linear", 2, 3), 1e9, () => clock.Passed += TimeSpan.FromSeconds(seconds));
                profile.Time(new OpKey("sum"), 0, () => { });
                clock.Passed += TimeSpan.FromSeconds(7);
                return 0;
            });
        }

        Assert.Equal(
            [
                new OpTime("linear 2→3", 1, 5, 5 / 12.0, 0.2e9), new OpTime("sum", 1, 0, 0, 0),
                new OpTime("outside operations", 0, 7, 7 / 12.0, 0), new OpTime("whole", 0, 12, 1, 1e9 / 12),
            ],
            profile.Rows());
    }

    private sealed class HandClock : BenchClock
    {
        public TimeSpan Passed { get; set; }

        public override TimeSpan Now => Passed;
    }
}
