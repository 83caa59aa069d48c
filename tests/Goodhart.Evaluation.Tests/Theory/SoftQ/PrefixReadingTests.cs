using Goodhart.Evaluation.Theory.SoftQ;
using Xunit;

namespace Goodhart.Evaluation.Tests.Theory.SoftQ;

public sealed class PrefixReadingTests
{
    [Theory]
    [InlineData(0.93, 0.03, 0.3, 0.04, 0.25, 0.08, 0.2, 0.1)]
    [InlineData(0.9, 0.1, 0.1, 0.1, 0.1, 0.1, 0.5)]   // equal ones: five of them and no more
    [InlineData(1, 0.75, 0.25)]
    public void The_likeliest_five_together(double expected, params double[] probabilities)
    {
        // In a gauge of its own: only differences of logits count.
        double[] logits = [.. probabilities.Select(p => Math.Log(p) + 40)];
        Assert.Equal(expected, PrefixReading.Of(logits, null, []).TopMass, 12);
    }
}
