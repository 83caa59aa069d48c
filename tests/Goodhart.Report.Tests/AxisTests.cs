using Goodhart.Report.Axes;
using Xunit;

namespace Goodhart.Report.Tests;

public class AxisTests
{
    [Theory]
    [InlineData(0, 1, 5, "0.0 0.2 0.4 0.6 0.8 1.0")]
    [InlineData(-0.2, 5.5, 5, "0 1 2 3 4 5")]
    [InlineData(0.07, 0.76, 6, "0.1 0.2 0.3 0.4 0.5 0.6 0.7")]
    [InlineData(0, 8400, 4, "0 2000 4000 6000 8000")]
    [InlineData(-0.00012, 0.00012, 4, "-0.00010 -0.00005 0.00000 0.00005 0.00010")]
    [InlineData(0.310, 0.312, 2, "0.310 0.311 0.312")]
    public void Linear_ticks_are_round_and_inside(double low, double high, int about, string expected)
    {
        LinearAxis axis = new LinearAxis("x", low, high);

        Assert.Equal(expected, string.Join(' ', axis.Ticks(about).Select(t => t.Text)));
        Assert.All(axis.Ticks(about), t => Assert.InRange(axis.Place(t.Value), -1e-9, 1 + 1e-9));
    }

    [Theory]
    [InlineData(0.9, 1200, 4, "1 10 100 1000")]
    [InlineData(0.04, 2.2, 5, "0.1 0.3 1")]
    [InlineData(1, 30, 6, "1 2 5 10 20")]
    [InlineData(1e-7, 1e7, 4, "10^{−4} 1 10000")]
    [InlineData(0.31, 0.33, 5, "0.31 0.33")]
    public void Log_ticks_are_round_or_the_ends(double low, double high, int about, string expected) =>
        Assert.Equal(expected.Replace("10^{−4}", "0.0001", StringComparison.Ordinal),
            string.Join(' ', new LogAxis("x", low, high).Ticks(about).Select(t => t.Text)));

    [Fact]
    public void Places_run_from_zero_to_one()
    {
        Assert.Equal(0.25, new LinearAxis("x", 2, 6).Place(3), 12);
        Assert.Equal(0.5, new LogAxis("x", 0.1, 10).Place(1), 12);
        Assert.True(double.IsNegativeInfinity(new LogAxis("x", 0.1, 10).Place(0)));
    }

    [Fact]
    public void A_range_holds_its_values_with_a_margin_and_respects_bounds()
    {
        LinearAxis axis = LinearAxis.Over("win rate", [0.3, 0.99], least: 0, most: 1);

        Assert.InRange(axis.Low, 0.2, 0.299);
        Assert.Equal(1, axis.High);
    }

    [Theory]
    [InlineData(0.0)]
    [InlineData(3.0)]
    [InlineData(-1e6)]
    public void Equal_values_get_a_range_of_their_own(double value)
    {
        LinearAxis linear = LinearAxis.Over("x", [value, value]);

        Assert.InRange(linear.Place(value), 0.49, 0.51);
        Assert.NotEmpty(linear.Ticks(4));
    }

    [Fact]
    public void No_values_still_give_an_axis()
    {
        Assert.NotEmpty(LinearAxis.Over("x", []).Ticks(4));
        Assert.NotEmpty(LogAxis.Over("x", []).Ticks(4));
    }

    [Fact]
    public void Ranges_that_cannot_be_drawn_are_refused()
    {
        Assert.Contains("win rate", Assert.Throws<ArgumentException>(() => LinearAxis.Over("win rate", [1, double.NaN])).Message,
            StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => new LinearAxis("x", 1, 1));
        Assert.Throws<ArgumentException>(() => new LinearAxis("x", 0, double.PositiveInfinity));
        Assert.Contains("positive", Assert.Throws<ArgumentException>(() => new LogAxis("x", 0, 1)).Message, StringComparison.Ordinal);
    }
}
