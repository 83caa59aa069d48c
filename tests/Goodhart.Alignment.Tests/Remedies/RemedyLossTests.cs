using System.Text.Json;
using Goodhart.Alignment.Losses;
using Goodhart.Alignment.Tests.Losses;
using Xunit;

namespace Goodhart.Alignment.Tests.Remedies;

/// <summary>Remedies that are losses of their own, against sixty-digit arithmetic.</summary>
public sealed class RemedyLossTests
{
    [Theory]
    [InlineData("rpo_sum", "rpo", "eta", "eta")]
    [InlineData("pepo_member", "pepo-member", "alpha", "alpha")]
    [InlineData("sft_both", "dpo-nll-both", "weight", "weight_nll")]
    [InlineData("squaredpo", "squared-po", null, null)]
    public void A_pair_agrees(string golden, string name, string? parameter, string? column) =>
        Assert.All(GoldenCases.Of("pair_remedies.json", golden), c =>
        {
            Dictionary<string, double> parameters = parameter is null ? [] : new() { [parameter] = c.Number(column!) };
            GoldenCases.Close(c, LossBatch.Term(LossCatalogue.Create(name, c.Number("beta"), parameters), c.Pair()));
        });

    [Fact]
    public void Dpo_with_an_nll_weight_is_rpo_with_a_mean() => Assert.All(
        GoldenCases.Of("pair_remedies.json", "rpo_nll_mean"),
        c => GoldenCases.Close(
            c, LossBatch.Term(new WithNll { Loss = new DpoLoss { Beta = c.Number("beta") }, Weight = c.Number("alpha") }, c.Pair())));

    /// <summary>Iterative RPO has its number before the preference term: it is that number times dpo with an NLL weight of its
    /// inverse.</summary>
    [Fact]
    public void Iterative_rpo_is_dpo_with_an_nll_weight_of_the_inverse() => Assert.All(
        GoldenCases.Of("pair_remedies.json", "rpo_iterative"), c =>
    {
        double alpha = c.Number("alpha");
        PairGradient term = LossBatch.Term(new WithNll { Loss = new DpoLoss { Beta = c.Number("beta") }, Weight = 1 / alpha }, c.Pair());
        GoldenCases.Close(c, new PairGradient(alpha * term.Loss, alpha * term.Chosen, alpha * term.Rejected));
    });

    [Fact]
    public void Nll_over_the_batchs_tokens_agrees() => Assert.All(GoldenCases.Of("batch_remedies.json", "rpo_token_mean"), c =>
    {
        PreferenceLoss loss = LossCatalogue.Create(
            "rpo-token-mean", c.Number("beta"), new Dictionary<string, double> { ["alpha"] = c.Number("alpha") });
        PairGradient[] terms = LossBatch.Terms(loss, c.Pairs());
        GoldenCases.Close(c.Number("loss"), loss.BatchLoss(terms));
        for (int i = 0; i < terms.Length; i++)
        {
            GoldenCases.Close(c.Numbers("grad_policy_chosen")[i], terms[i].Chosen / terms.Length);
            GoldenCases.Close(c.Numbers("grad_policy_rejected")[i], terms[i].Rejected / terms.Length);
        }
    });
}
