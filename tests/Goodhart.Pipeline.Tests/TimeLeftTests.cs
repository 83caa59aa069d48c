using Xunit;

namespace Goodhart.Pipeline.Tests;

public sealed class TimeLeftTests
{
    [Theory]
    [InlineData(0.42, "0.4 s")]
    [InlineData(42, "42 s")]
    [InlineData(185, "3 min 5 s")]
    [InlineData(7800, "2 h 10 min")]
    public void Reads_like_speech(double seconds, string text) => Assert.Equal(text, TimeLeft.Text(TimeSpan.FromSeconds(seconds)));

    [Fact]
    public void Is_what_remains_at_the_pace_so_far() =>
        Assert.Equal(TimeSpan.FromSeconds(30), TimeLeft.Of(TimeSpan.FromSeconds(10), worked: 1, total: 4));

    [Fact]
    public void Is_unknown_before_anything_is_done()
    {
        Assert.Null(TimeLeft.Of(TimeSpan.FromSeconds(10), worked: 0, total: 4));
        Assert.Null(TimeLeft.Of(TimeSpan.FromSeconds(1), worked: 1, total: 4));
        Assert.Null(TimeLeft.Of(TimeSpan.FromSeconds(10), worked: 1, total: 1e15));   // a small step first, on a busy machine
    }
}
