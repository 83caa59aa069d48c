using System.Text.Json;
using Goodhart.Alignment.Losses;
using Goodhart.Alignment.Remedies;
using Goodhart.Alignment.Tests.Losses;
using Xunit;

namespace Goodhart.Alignment.Tests.Remedies;

public sealed class TokenAndReferenceTests
{
    [Theory]
    [InlineData("ld-dpo", "ld_dpo_both")]
    [InlineData("ld-dpo-policy-only", "ld_dpo_policy_only")]
    public void Length_desensitised_pairs_agree(string name, string golden) => Assert.All(
        GoldenCases.Of("token_remedies.json", "ld_dpo"), c =>
    {
        if (c.Number("alpha") == 1)
        {
            Assert.Throws<ArgumentException>(() => RemedyCatalogue.Find(name).Create(new Dictionary<string, double> { ["alpha"] = 1 }));
            return;   // dpo itself
        }

        TokenWeighting weighting = (TokenWeighting)RemedyCatalogue.Find(name).Create(
            new Dictionary<string, double> { ["alpha"] = c.Number("alpha") });
        int shared = c.GetProperty("shared_length").GetInt32();
        JsonElement expected = c.GetProperty("variants").GetProperty(golden);
        (double[] chosen, double[] rejected) = (c.Numbers("policy_chosen_tokens"), c.Numbers("policy_rejected_tokens"));
        PairLogProbs pair = new(
            Sum(chosen), Sum(rejected), Reference(c.Numbers("reference_chosen_tokens")), Reference(c.Numbers("reference_rejected_tokens")),
            chosen.Length, rejected.Length);
        PairGradient term = LossBatch.Term(new DpoLoss { Beta = c.Number("beta") }, pair);
        GoldenCases.Close(expected.Number("policy_chosen"), pair.PolicyChosen);
        GoldenCases.Close(expected.Number("reference_rejected"), pair.ReferenceRejected);
        GoldenCases.Close(expected.Number("h"), pair.Margin);
        GoldenCases.Close(expected.Number("loss"), term.Loss);
        Assert.All(expected.Numbers("grad_chosen_tokens"), (slope, token) => GoldenCases.Close(
            slope, term.Chosen * weighting.Weight(token, shared)));
        Assert.All(expected.Numbers("grad_rejected_tokens"), (slope, token) => GoldenCases.Close(
            slope, term.Rejected * weighting.Weight(token, shared)));

        double Sum(double[] tokens) => tokens.Select((logProb, token) => weighting.Weight(token, shared) * logProb).Sum();
        double Reference(double[] tokens) => weighting.WeighsReference ? Sum(tokens) : tokens.Sum();
    });

    [Fact]
    public void Tokens_are_summed_by_weight() =>
        Assert.Equal(-1 - 2 - (0.25 * 4), new LengthDesensitized { Alpha = 0.25 }.Sum([-1f, -2f, -4f], 2));

    [Fact]
    public void References_follow() => Assert.All(GoldenCases.Of("batch_remedies.json", "tr_dpo"), c =>
    {
        (double alpha, double tau) = (c.Number("alpha"), c.Number("tau"));
        if (alpha == 0)
        {
            Assert.Throws<ArgumentException>(() => new SoftReferenceUpdate { Alpha = 0, Every = tau });
            return;   // the reference stays where it is
        }

        ReferenceUpdate update = alpha == 1
            ? new HardReferenceUpdate { Every = tau }
            : new SoftReferenceUpdate { Alpha = alpha, Every = tau };
        double[] reference = c.Numbers("reference_initial");
        foreach (JsonElement step in c.GetProperty("steps").EnumerateArray())
        {
            double[] policy = step.Numbers("policy_parameters");
            Assert.Equal(step.GetProperty("reference_updated").GetBoolean(), update.IsDue(step.GetProperty("step").GetInt32()));
            if (update.IsDue(step.GetProperty("step").GetInt32()))
            {
                reference = [.. reference.Zip(policy, update.Mix)];
            }

            Assert.All(step.Numbers("reference_after").Zip(reference), both => GoldenCases.Close(both.First, both.Second));
        }
    });
}
