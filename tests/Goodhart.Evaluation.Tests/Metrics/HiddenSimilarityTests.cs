using Goodhart.Evaluation.Metrics;
using Xunit;

namespace Goodhart.Evaluation.Tests.Metrics;

public sealed class HiddenSimilarityTests
{
    // By hand: ⟨(1, 2), (3, −1)⟩ − ‖(1, 2)‖² = 1 − 5. Alike is 0, opposite −2‖·‖², longer along the chosen one above 0.
    [Theory]
    [InlineData(new double[] { 1, 2 }, new double[] { 3, -1 }, -4)]
    [InlineData(new double[] { 1, 2 }, new double[] { 1, 2 }, 0)]
    [InlineData(new double[] { 1, 2 }, new double[] { -1, -2 }, -10)]
    [InlineData(new double[] { 1, 2 }, new double[] { 2, 4 }, 5)]
    public void Is_the_inner_product_less_the_chosen_ones_square(double[] chosen, double[] rejected, double expected) =>
        Assert.Equal(expected, HiddenSimilarity.Of(chosen, rejected), 12);

    [Fact]
    public void Widths_must_agree() => Assert.Contains(
        "expected hidden states of one width, found 1 and 2",
        Assert.Throws<ArgumentException>(() => HiddenSimilarity.Of([1], [1, 2])).Message, StringComparison.Ordinal);
}
