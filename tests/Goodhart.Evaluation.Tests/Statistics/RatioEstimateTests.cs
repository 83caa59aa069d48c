using Goodhart.Evaluation.Statistics;
using Xunit;

namespace Goodhart.Evaluation.Tests.Statistics;

public sealed class RatioEstimateTests
{
    [Fact]   // R = 6/4; residuals −0.5 and 0.5, whose mean has the standard error 0.5; over n̄ = 2
    public void By_hand() => Assert.Equal(new MeanEstimate(1.5, 0.25, 2), RatioEstimate.Of([1, 5], [1, 3]));

    [Fact]
    public void Equal_denominators_give_the_mean() => Assert.Equal(MeanEstimate.Of([1, 2, 6]), RatioEstimate.Of([1, 2, 6], [1, 1, 1]));

    [Fact]
    public void Proportional_units_leave_no_error() => Assert.Equal(0, RatioEstimate.Of([2, 4, 8], [1, 2, 4]).StandardError!.Value);

    [Fact]
    public void Refuses_what_has_no_ratio()
    {
        Assert.Throws<ArgumentException>(() => RatioEstimate.Of([1], [1, 2]));
        Assert.Throws<ArgumentException>(() => RatioEstimate.Of([], []));
        Assert.Throws<ArgumentException>(() => RatioEstimate.Of([1, 2], [0, 0]));
    }
}
