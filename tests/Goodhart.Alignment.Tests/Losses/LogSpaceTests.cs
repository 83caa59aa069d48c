using Goodhart.Alignment.Losses;
using Xunit;

namespace Goodhart.Alignment.Tests.Losses;

public sealed class LogSpaceTests
{
    [Fact]
    public void Matches_sixty_digit_arithmetic()
    {
        GoldenLogistic[] cases = GoldenLosses.Read<GoldenLogistic[]>("primitives.json");
        Assert.True(cases.Length > 40);
        Assert.All(cases, golden =>
        {
            Close(golden.Sigmoid, LogSpace.Sigmoid(golden.X));
            Close(golden.LogSigmoid, LogSpace.LogSigmoid(golden.X));
            Close(golden.Softplus, LogSpace.Softplus(golden.X));
        });
    }

    [Fact]
    public void NaN_stays_NaN()
    {
        Assert.Equal(double.NaN, LogSpace.Sigmoid(double.NaN));
        Assert.Equal(double.NaN, LogSpace.LogSigmoid(double.NaN));
    }

    private static void Close(double expected, double actual) =>
        Assert.True(Math.Abs(actual - expected) <= 1e-14 * Math.Abs(expected), $"expected {expected:R}, got {actual:R}");
}
