using Goodhart.Alignment.Training;
using Xunit;

namespace Goodhart.Alignment.Tests.Training;

public sealed class LearningRateScheduleTests
{
    [Theory]
    [InlineData(0, 0.2)]
    [InlineData(1, 0.4)]
    [InlineData(3, 0.8)]
    [InlineData(4, 1)]
    [InlineData(1000, 1)]
    public void The_warm_up_reaches_the_peak_after_its_steps(int step, double share) =>
        Assert.Equal(3e-4 * share, new ConstantSchedule { Peak = 3e-4, WarmupSteps = 4 }.At(step, 10), 1e-15);

    [Fact]
    public void Without_a_warm_up_the_first_update_has_the_peak() =>
        Assert.Equal(0.5, new ConstantSchedule { Peak = 0.5 }.At(0, 10));

    [Theory]
    [InlineData(0, 1)]
    [InlineData(25, 0.75)]
    [InlineData(99, 0.01)]
    public void The_line_falls_to_zero_after_the_last_update(int step, double share) =>
        Assert.Equal(2 * share, new LinearSchedule { Peak = 2 }.At(step, 100), 1e-12);

    [Theory]
    [InlineData(0, 1)]
    [InlineData(25, 0.9 * 0.8535533905932737 + 0.1)]
    [InlineData(50, 0.55)]
    [InlineData(100, 0.1)]
    public void The_cosine_falls_to_its_floor(int step, double share) =>
        Assert.Equal(2 * share, new CosineSchedule { Peak = 2 }.At(step, 100), 1e-12);

    [Fact]
    public void A_cosine_warms_up_too_and_may_fall_to_zero()
    {
        CosineSchedule schedule = new() { Peak = 1, Floor = 0, WarmupSteps = 9 };
        Assert.Equal(0.1, schedule.At(0, 40), 1e-12);
        Assert.Equal(0.5 * (1 + Math.Cos(Math.PI / 10)) * 0.5, schedule.At(4, 40), 1e-12);
        Assert.Equal(0, schedule.At(40, 40), 1e-12);
    }
}
