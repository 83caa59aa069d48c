using Goodhart.Engine;
using Goodhart.Engine.Cpu;
using Goodhart.Evaluation.Divergence;
using Goodhart.Evaluation.Statistics;
using Goodhart.Models;
using Goodhart.Models.GptNeoX;
using Goodhart.Models.Sampling;
using Goodhart.Models.Scoring;
using Xunit;

namespace Goodhart.Evaluation.Tests.Divergence;

/// <summary>KL between two models so small that every response can be listed.</summary>
public sealed class DivergenceScorerTests : IDisposable
{
    private const int Vocabulary = 4;
    private const int Eos = 0;
    private const int MaxNewTokens = 3;
    private static readonly int[] Prompt = [2, 1, 3];

    private readonly CpuDevice device = new(1);
    private readonly LanguageModel policy;
    private readonly LanguageModel reference;

    public DivergenceScorerTests()
    {
        policy = Model(device, seed: 1);
        reference = Model(device, seed: 2, hidden: 16);
    }

    /// <summary>All responses: those that end with EOS, and those cut at the limit.</summary>
    private static int[][] Responses
    {
        get
        {
            List<int[]> done = [];
            List<int[]> open = [[]];
            for (int length = 1; length <= MaxNewTokens; length++)
            {
                int[][] longer = [.. open.SelectMany(prefix => Enumerable.Range(0, Vocabulary).Select(token => (int[])[.. prefix, token]))];
                done.AddRange(longer.Where(response => response[^1] == Eos || length == MaxNewTokens));
                open = [.. longer.Where(response => response[^1] != Eos)];
            }

            return [.. done];
        }
    }

    [Fact]
    public void Both_estimators_have_the_enumerated_divergence_as_expectation()
    {
        ResponseDivergence[] all = Score(policy, reference, Responses);
        Assert.Equal(40, all.Length);
        Assert.Equal(1, all.Sum(Probability), 1e-5);
        double divergence = all.Sum(response => Probability(response) * response.LogRatio);
        Assert.InRange(divergence, 0.05, 5);
        Assert.Equal(divergence, all.Sum(response => Probability(response) * response.Kl), 1e-5);

        double TotalVariance(Func<ResponseDivergence, double> value) =>
            all.Sum(response => Probability(response) * Math.Pow(value(response) - divergence, 2));
        Assert.True(TotalVariance(response => response.Kl) < 0.5 * TotalVariance(response => response.LogRatio));
    }

    [Fact]
    public void The_divergence_is_that_of_the_first_model_from_the_second()
    {
        ResponseDivergence[] all = Score(policy, reference, Responses);
        double forward = all.Sum(response => Probability(response) * response.LogRatio);
        double backward = all.Sum(response => -Math.Exp(response.ReferenceLogProb) * response.LogRatio);
        Assert.True(Math.Abs(forward - backward) > 0.02, FormattableString.Invariant($"{forward} and {backward} cannot be told apart"));

        ResponseDivergence[] swapped = Score(reference, policy, Responses);
        Assert.Equal(forward, all.Sum(response => Probability(response) * response.Kl), 1e-5);
        Assert.Equal(backward, swapped.Sum(response => Probability(response) * response.Kl), 1e-5);
        for (int i = 0; i < all.Length; i++)
        {
            Assert.Equal(all[i].Kl, swapped[i].ReverseKl, 1e-5);
            Assert.Equal(all[i].ReverseKl, swapped[i].Kl, 1e-5);
        }
    }

    [Fact]
    public void The_first_prefix_counts_the_divergence_of_the_first_token()
    {
        ResponseDivergence[] all = Score(policy, reference, [.. Enumerable.Range(0, Vocabulary).Select(token => (int[])[token])]);
        double forward = all.Sum(token => Probability(token) * token.LogRatio);
        double reverse = all.Sum(token => -Math.Exp(token.ReferenceLogProb) * token.LogRatio);
        foreach (ResponseDivergence token in all)
        {
            Assert.Equal(forward, token.Kl, 1e-5);
            Assert.Equal(reverse, token.ReverseKl, 1e-5);
        }
    }

    [Fact]
    public void Means_over_samples_approach_the_enumerated_divergence()
    {
        ResponseDivergence[] all = Score(policy, reference, Responses);
        double divergence = all.Sum(response => Probability(response) * response.LogRatio);

        using Sampler sampler = new(policy, new SamplingOptions(Eos, MaxNewTokens, Seed: 1, "test") { SamplesPerPrompt = 4 });
        SamplingPrompt[] prompts = [.. Enumerable.Range(0, 1000).Select(item => new SamplingPrompt(item, Prompt))];
        ResponseDivergence[] scored = Score(policy, reference, [.. sampler.Sample(prompts).Select(rollout => rollout.Tokens)]);
        (double exact, double exactError) = Mean(response => response.Kl);
        (double logRatio, double logRatioError) = Mean(response => response.LogRatio);
        Assert.InRange(exact - divergence, -4 * exactError, 4 * exactError);
        Assert.InRange(logRatio - divergence, -4 * logRatioError, 4 * logRatioError);
        Assert.True(exactError < logRatioError);

        (double Mean, double Error) Mean(Func<ResponseDivergence, double> value)
        {
            MeanEstimate estimate = MeanEstimate.Of([.. scored.Select(value)]);
            return (estimate.Mean, estimate.StandardError!.Value);
        }
    }

    [Fact]
    public void A_model_does_not_diverge_from_itself()
    {
        using LanguageModel twin = Model(device, seed: 1);
        foreach (LanguageModel other in (LanguageModel[])[policy, twin])
        {
            Assert.All(
                Score(policy, other, Responses),
                response => Assert.Equal((0, 0, 0), (response.Kl, response.ReverseKl, response.LogRatio)));
        }
    }

    [Fact]
    public void The_row_budget_changes_no_bit()
    {
        PromptTree[] trees = [.. Responses.Chunk(3).Select((responses, i) => new PromptTree([1 + (i % 3), 2], responses))];
        using DivergenceScorer whole = new(policy, reference);
        using DivergenceScorer cut = new(policy, reference, rowBudget: 10);
        Assert.Equal(whole.Score(trees), cut.Score(trees));
    }

    [Fact]
    public void Models_that_cannot_be_compared_are_refused()
    {
        using CpuDevice otherDevice = new(1);
        using LanguageModel elsewhere = Model(otherDevice, seed: 1);
        using LanguageModel larger = Model(device, seed: 1, vocabulary: 5);
        foreach (LanguageModel other in (LanguageModel[])[elsewhere, larger])
        {
            string message = Assert.Throws<ArgumentException>(() => Score(policy, other, Responses)).Message;
            Assert.Contains("must share a device and a vocabulary", message, StringComparison.Ordinal);
        }
    }

    public void Dispose()
    {
        policy.Dispose();
        reference.Dispose();
        device.Dispose();
    }

    private static double Probability(ResponseDivergence response) => Math.Exp(response.PolicyLogProb);

    private static ResponseDivergence[] Score(LanguageModel policy, LanguageModel reference, int[][] responses)
    {
        using DivergenceScorer scorer = new(policy, reference);
        return scorer.Score([new PromptTree(Prompt, responses)])[0];
    }

    private static LanguageModel Model(IDevice device, ulong seed, int hidden = 24, int vocabulary = Vocabulary)
    {
        GptNeoXConfig config = new()
        {
            VocabSize = vocabulary,
            HiddenSize = hidden,
            Layers = 2,
            Heads = 2,
            IntermediateSize = 2 * hidden,
            MaxPositions = 16,
            RotaryFraction = 0.5,
            EosTokenId = Eos,
        };
        LanguageModel model = config.Create(device, training: false);
        WeightInitializer.Initialize(model, seed);
        return model;
    }
}
