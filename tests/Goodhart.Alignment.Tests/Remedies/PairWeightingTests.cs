using System.Text.Json;
using Goodhart.Alignment.Losses;
using Goodhart.Alignment.Remedies;
using Goodhart.Alignment.Tests.Losses;
using Xunit;

namespace Goodhart.Alignment.Tests.Remedies;

public sealed class PairWeightingTests
{
    [Theory]
    [InlineData("is_dpo_sigmoid", "dpo")]
    [InlineData("is_ipo_reference", "ipo-code")]
    [InlineData("is_slic_hinge", "slic")]
    public void Importance_weights_agree(string golden, string loss) => Assert.All(GoldenCases.Of("pair_remedies.json", golden), c =>
    {
        ImportanceWeighting weighting = new() { Epsilon = c.Number("eps") };
        PairLogProbs pair = c.Pair();

        // Some cases have log-probs of the policy that wrote the data; here that is always the reference.
        PairLogProbs written = c.TryGetProperty("data_chosen", out _)
            ? pair with { ReferenceChosen = c.Number("data_chosen"), ReferenceRejected = c.Number("data_rejected") }
            : pair;
        double weight = weighting.Weight(written);
        GoldenCases.Close(c.Number("log_weight_unclipped"), weighting.LogWeight(written, 0, 0));
        GoldenCases.Close(c.Number("weight"), weight);
        PairGradient term = LossBatch.Term(LossCatalogue.Create(loss, c.Number("beta")), pair);
        GoldenCases.Close(c, new PairGradient(weight * term.Loss, weight * term.Chosen, weight * term.Rejected));
    });

    [Theory]
    [InlineData("wpo", "wpo_sampled_clamped")]
    [InlineData("wpo-uncut", "wpo_sampled_unclamped")]
    [InlineData("wpo-greedy", "wpo_greedy")]
    [InlineData("wpo-plain", "wpo_plain")]
    public void Weights_from_token_log_probs_agree(string name, string golden)
    {
        PairWeighting weighting = (PairWeighting)RemedyCatalogue.Find(name).Create();
        int cut = 0;
        Assert.All(GoldenCases.Of("token_remedies.json", "wpo"), c =>
        {
            JsonElement expected = c.GetProperty("variants").GetProperty(golden);
            (int chosenLength, double chosen) = Read(c, "chosen", weighting.Measure);
            (int rejectedLength, double rejected) = Read(c, "rejected", weighting.Measure);
            PairLogProbs pair = c.Pair() with { ChosenLength = chosenLength, RejectedLength = rejectedLength };
            double weight = weighting.Weight(pair, chosen, rejected);
            GoldenCases.Close(expected.Number("log_weight"), weighting.LogWeight(pair, chosen, rejected));
            GoldenCases.Close(expected.Number("weight"), weight);
            PairGradient term = LossBatch.Term(
                LossCatalogue.Create(
                    "cdpo", c.Number("beta"), new Dictionary<string, double> { ["label-smoothing"] = c.Number("label_smoothing") }),
                pair);
            GoldenCases.Close(expected, new PairGradient(weight * term.Loss, weight * term.Chosen, weight * term.Rejected));
            cut += expected.GetProperty("clip_active").GetBoolean() ? 1 : 0;
        });
        Assert.Equal(name == "wpo", cut > 0);

        // The measure is summed from logits; the case's own sums say what it must be.
        static (int Length, double Measure) Read(JsonElement c, string response, VocabularyMeasure measure)
        {
            double[][] logits = [.. c.GetProperty($"{response}_tokens").EnumerateArray().Select(token => token.Numbers("logits"))];
            double sum = logits.Sum(row => NextToken.Measure(measure, row));
            JsonElement expected = c.GetProperty(response);
            GoldenCases.Close(
                measure switch
                {
                    VocabularyMeasure.LogSumOfSquares => expected.Numbers("log_sum_p_squared").Sum(),
                    VocabularyMeasure.LogLargest => expected.Numbers("log_max_p").Sum(),
                    _ => 0,
                },
                sum);
            return (logits.Length, sum);
        }
    }

    [Fact]
    public void A_uniform_distribution_gives_aligned_weights_of_one()
    {
        double[] uniform = new double[7];
        double logProb = -Math.Log(7);
        foreach (string name in (string[])["wpo", "wpo-uncut", "wpo-greedy"])
        {
            PairWeighting weighting = (PairWeighting)RemedyCatalogue.Find(name).Create();
            double measure = NextToken.Measure(weighting.Measure, uniform);
            Assert.Equal(1, weighting.Weight(new PairLogProbs(3 * logProb, 5 * logProb, 0, 0, 3, 5), 3 * measure, 5 * measure), 1e-12);
        }
    }

    [Fact]
    public void A_weight_is_never_NaN_and_what_weighs_nothing_is_gone()
    {
        ImportanceWeighting weighting = new() { Epsilon = 0.25 };
        Assert.Equal(0, weighting.Weight(new PairLogProbs(double.NegativeInfinity, -1, -2, -3, 4, 5)));
        Assert.Equal(Math.Exp(0.5), weighting.Weight(new PairLogProbs(-1, -1, double.NegativeInfinity, -3, 4, 5)));
        Assert.Equal(double.NaN, weighting.Weight(new PairLogProbs(double.NaN, -1, -2, -3, 4, 5)));
    }
}
