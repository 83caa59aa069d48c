using Goodhart.Engine.Cpu;
using Goodhart.Models.Sampling;
using Xunit;

namespace Goodhart.Models.Tests.Sampling;

/// <summary>What is drawn is drawn from the model: frequencies over many items against the softmax.</summary>
public sealed class SamplingDistributionTests
{
    private const int Items = 12_000;

    /// <summary>1e-6 quantile of chi-square with 22 degrees of freedom: the seeds are fixed, so this is decided once.</summary>
    private const double Critical = 66;

    [Theory]
    [InlineData(1.0, 1.0, true)]
    [InlineData(0.5, 0.5, true)]
    [InlineData(2.0, 2.0, true)]
    [InlineData(1.0, 0.8, false)]
    [InlineData(0.5, 1.0, false)]
    public void First_tokens_follow_the_tempered_softmax_and_no_other(double temperature, double assumed, bool agrees)
    {
        using CpuDevice device = new(1);
        using LanguageModel model = SmallModel.Create(device);
        int[] prompt = [4, 9, 2];
        double[] logProbs = SmallModel.LogSoftmax(SmallModel.NextLogits(model, prompt), assumed);

        SamplingOptions options = new(SmallModel.Eos, MaxNewTokens: 1, Seed: 3, "frequencies") { Temperature = temperature };
        using Sampler sampler = new(model, options with { PromptsPerBatch = 2000 });
        int[] seen = new int[model.VocabularySize];
        foreach (Rollout rollout in sampler.Sample([.. Enumerable.Range(0, Items).Select(item => new SamplingPrompt(item, prompt))]))
        {
            seen[rollout.Tokens[0]]++;
            Assert.Single(rollout.Tokens);
            Assert.Equal(rollout.Tokens[0] == SmallModel.Eos, rollout.Finished);
            if (agrees)
            {
                Assert.Equal(logProbs[rollout.Tokens[0]], rollout.LogProb, 1e-4);
            }
        }

        double chiSquare = seen.Select((count, token) => Term(count, Items * Math.Exp(logProbs[token]))).Sum();
        Assert.Equal(agrees, chiSquare < Critical);
        Assert.True(seen.All(count => count > 0));
    }

    [Fact]
    public void Later_tokens_follow_the_softmax_of_their_prefix()
    {
        using CpuDevice device = new(1);
        using LanguageModel model = SmallModel.Create(device);
        int[] prompt = [4, 9, 2];
        SamplingOptions options = new(SmallModel.Eos, MaxNewTokens: 2, Seed: 4, "frequencies") { SamplesPerPrompt = 20 };
        using Sampler sampler = new(model, options);
        IReadOnlyList<Rollout> rollouts = sampler.Sample([.. Enumerable.Range(0, 1000).Select(item => new SamplingPrompt(item, prompt))]);

        // After the most frequent first token.
        IGrouping<int, int> second = rollouts.Where(rollout => rollout.Tokens.Length == 2)
            .GroupBy(rollout => rollout.Tokens[0], rollout => rollout.Tokens[1]).MaxBy(group => group.Count())!;
        double[] logProbs = SmallModel.LogSoftmax(SmallModel.NextLogits(model, [.. prompt, second.Key]), 1);
        int total = second.Count();
        Assert.True(total > 1000);
        double chiSquare = logProbs
            .Select((logProb, token) => Term(second.Count(drawn => drawn == token), total * Math.Exp(logProb))).Sum();
        Assert.InRange(chiSquare, 0, Critical);
    }

    private static double Term(int seen, double expected) => (seen - expected) * (seen - expected) / expected;
}
