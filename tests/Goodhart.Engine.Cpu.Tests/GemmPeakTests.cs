using Goodhart.Engine.Cpu.Bench;
using Xunit;

namespace Goodhart.Engine.Cpu.Tests;

public sealed class GemmPeakTests
{
    [Fact]
    public void RatesAreThoseOfAComputer()
    {
        using GemmPeak peak = new();
        ProductRates rates = peak.Measure(new ProductShape(256, 48, 144), rounds: 2);
        Assert.Equal(2.0 * 256 * 48 * 144, rates.Shape.Flops);
        Assert.All([rates.Forward, rates.InputGrad, rates.WeightGrad], rate => Assert.InRange(rate, 0.001, 10_000));
    }
}
