using Goodhart.Alignment.Losses;
using Xunit;

namespace Goodhart.Alignment.Tests.Losses;

public sealed class WithNllTests
{
    public static TheoryData<string> Inner => ["dpo", "r-dpo", "aot", "simpo", "slic-hf"];

    [Theory]
    [MemberData(nameof(Inner))]
    public void Adds_the_mean_nll_of_the_chosen_response(string name)
    {
        PreferenceLoss plain = LossCatalogue.Create(name, 0.3);
        WithNll loss = new() { Loss = plain, Weight = 0.2 };
        PairLogProbs[] pairs = LossBatch.Ordinary();
        PairGradient[] without = LossBatch.Terms(plain, pairs);
        PairGradient[] with = LossBatch.Terms(loss, pairs);
        for (int i = 0; i < pairs.Length; i++)
        {
            Assert.Equal(without[i].Loss + (0.2 * -pairs[i].PolicyChosen / pairs[i].ChosenLength), with[i].Loss, 1e-12);
            Assert.Equal(without[i].Chosen - (0.2 / pairs[i].ChosenLength), with[i].Chosen, 1e-15);
            Assert.Equal(without[i].Rejected, with[i].Rejected);
        }

        Assert.Equal(
            ($"{name}+nll", 0.3, plain.NeedsReference, plain.CouplesBatch), (loss.Name, loss.Beta, loss.NeedsReference, loss.CouplesBatch));
        Assert.Equal(0.2, loss.Parameters["nll-weight"]);
        Assert.Equal(plain.Parameters.Count + 1, loss.Parameters.Count);
        Assert.Equal(plain.Scores(pairs[0]), loss.Scores(pairs[0]));
    }

    [Fact]
    public void A_beta_that_is_changed_is_the_losss() =>
        Assert.Equal(
            new WithNll { Loss = new DpoLoss { Beta = 2 }, Weight = 1 },
            new WithNll { Loss = new DpoLoss { Beta = 1 }, Weight = 1 } with { Beta = 2 });

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(double.NaN)]
    public void A_weight_must_be_above_zero(double weight) => Assert.StartsWith(
        "an NLL term: expected nll-weight above 0, and finite, got ",
        Assert.Throws<ArgumentException>(() => new WithNll { Loss = new DpoLoss { Beta = 1 }, Weight = weight }).Message,
        StringComparison.Ordinal);

    [Theory]
    [InlineData("cpo")]
    [InlineData("orpo")]
    public void A_loss_with_an_nll_term_takes_no_second(string name) => Assert.Equal(
        $"{name} has an NLL term of its own: set its parameter nll-weight instead.",
        Assert.Throws<ArgumentException>(() => new WithNll { Loss = LossCatalogue.Create(name, 1), Weight = 1 }).Message);
}
