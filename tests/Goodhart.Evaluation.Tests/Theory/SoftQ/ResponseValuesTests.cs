using Goodhart.Engine.Cpu;
using Goodhart.Evaluation.Theory.SoftQ;
using Goodhart.Models;
using Goodhart.Models.GptNeoX;
using Goodhart.Models.Scoring;
using Xunit;

namespace Goodhart.Evaluation.Tests.Theory.SoftQ;

/// <summary>Per-token rewards of language models: Σ r = implicit reward + V(prompt) − V(end), with log-probs from elsewhere.</summary>
public sealed class ResponseValuesTests : IDisposable
{
    private const double Beta = 0.2;

    private readonly CpuDevice device = new(2);
    private readonly LanguageModel policy;
    private readonly LanguageModel reference;

    public ResponseValuesTests()
    {
        policy = Model(seed: 1);
        reference = Model(seed: 2);
    }

    /// <summary>Two prompts; responses that ended, and one that was cut.</summary>
    private static ResponseTree[] Trees { get; } =
    [
        new([5, 9, 30], [new([3, 8, 8, 1], Ended: true), new([40, 2, 17], Ended: false), new([1], Ended: true)]),
        new([11], [new([6], Ended: false), new([50, 51, 52, 53, 54, 1], Ended: true)]),
    ];

    [Theory]
    [InlineData(4)]
    [InlineData(768)]
    public void Rewards_add_up_to_the_implicit_reward_and_the_values(int rowBudget)
    {
        using ModelLogits own = new(policy, rowBudget);
        using ModelLogits other = new(reference, rowBudget);
        IReadOnlyList<ResponseValues> values = ResponseValues.Of(own, other, Trees, Beta, seen: null);
        double[] implicitRewards = ImplicitRewards();
        Assert.Equal(5, values.Count);
        for (int i = 0; i < values.Count; i++)
        {
            Assert.Equal(implicitRewards[i] + values[i].PromptValue - values[i].EndValue, values[i].RewardSum, 1e-5);
            Assert.Equal(implicitRewards[i], values[i].ImplicitReward, 1e-5);
            Assert.InRange(Math.Abs(values[i].IdentityResidual), 0, 1e-12);
            Assert.Equal(values[i].Ended, values[i].EndValue == 0);
        }

        Assert.True(values.Max(response => Math.Abs(response.PromptValue)) > 0.1);
    }

    [Fact]
    public void Packing_and_threads_change_no_bit()
    {
        using ModelLogits packed = new(policy);
        using ModelLogits alone = new(policy, rowBudget: 1);
        PrefixReading[] expected = [.. PrefixReadings.Of(packed, Trees, null).SelectMany(tree => tree.SelectMany(response => response))];
        Assert.Equal(expected, PrefixReadings.Of(alone, Trees, null).SelectMany(tree => tree.SelectMany(response => response)));
        Assert.Equal(4 + 4 + 1 + 2 + 6, expected.Length);
    }

    [Fact]
    public void Rows_are_those_of_the_prefix()
    {
        // The row after a cut response's last token is the row before the next token of a response that goes on.
        using ModelLogits logits = new(policy);
        ResponseTree[] longer = [new([5, 9, 30], [new([40, 2, 17, 23], Ended: true)])];
        PrefixReading cut = PrefixReadings.Of(logits, Trees, null)[0][1][3];
        PrefixReading goesOn = PrefixReadings.Of(logits, longer, null)[0][0][3];
        Assert.Equal(goesOn.LogSumExp, cut.LogSumExp, 1e-5);
        Assert.True(double.IsNaN(cut.Token));
        using ResponseScorer scorer = new(policy);
        Assert.Equal(scorer.TokenLogProbs([new PromptTree([5, 9, 30], [[40, 2, 17, 23]])])[0][0][3], goesOn.LogProb, 1e-5);
    }

    [Fact]
    public void The_summary_has_errors_over_prompts()
    {
        using ModelLogits own = new(policy);
        using ModelLogits other = new(reference);
        ValueSummary summary = ValueSummary.Of(ResponseValues.Of(own, other, Trees, Beta, seen: null));
        Assert.Equal((2, 5, 15, 2), (summary.Prompts, summary.Responses, summary.Tokens, summary.Cut));
        Assert.Equal(ImplicitRewards().Average(), summary.ImplicitReward.Mean, 1e-5);
        Assert.Equal(2, summary.ImplicitReward.Count);
        Assert.Equal((null, 0.0), (summary.UnseenShare, summary.Covered));
    }

    [Fact]
    public void A_residual_that_is_not_a_number_is_the_largest()
    {
        using ModelLogits own = new(policy);
        using ModelLogits other = new(reference);
        ResponseValues[] values = [.. ResponseValues.Of(own, other, Trees, Beta, seen: null)];
        values[1] = values[1] with { Tokens = [values[1].Tokens[0] with { Reward = double.NaN }, .. values[1].Tokens.Skip(1)] };
        Assert.Equal(double.NaN, ValueSummary.Of(values).IdentityResidual);
    }

    [Fact]
    public void Vocabularies_must_agree() => Assert.Throws<ArgumentException>(() => ResponseValues.Of(
        new TabularLogits(3, TreePolicies.Logits(1)), new TabularLogits(4, TreePolicies.Logits(1)), [], Beta, seen: null));

    public void Dispose()
    {
        policy.Dispose();
        reference.Dispose();
        device.Dispose();
    }

    private double[] ImplicitRewards()
    {
        using ResponseScorer own = new(policy);
        using ResponseScorer other = new(reference);
        PromptTree[] trees =
        [
            .. Trees.Select(tree => new PromptTree(tree.Prompt, [.. tree.Responses.Select(response => response.Tokens)])),
        ];
        return [.. own.LogProbs(trees).Zip(other.LogProbs(trees), (p, r) => p.Zip(r, (a, b) => Beta * (a - b))).SelectMany(tree => tree)];
    }

    private LanguageModel Model(ulong seed)
    {
        GptNeoXConfig config = new()
        {
            VocabSize = 61,
            HiddenSize = 16,
            Layers = 2,
            Heads = 2,
            IntermediateSize = 32,
            MaxPositions = 32,
            BosTokenId = null,
            EosTokenId = 1,
            PadTokenId = 0,
        };
        LanguageModel model = config.Create(device, training: false);
        WeightInitializer.Initialize(model, seed);
        return model;
    }
}
