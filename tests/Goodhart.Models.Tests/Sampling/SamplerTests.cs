using Goodhart.Engine.Cpu;
using Goodhart.Engine.Randomness;
using Goodhart.Models.Sampling;
using Goodhart.Models.Scoring;
using Xunit;

namespace Goodhart.Models.Tests.Sampling;

public sealed class SamplerTests : IDisposable
{
    private const int MaxNewTokens = 10;
    private static readonly SamplingOptions Plain = new(SmallModel.Eos, MaxNewTokens, Seed: 5, "test samples") { SamplesPerPrompt = 3 };

    private readonly CpuDevice device = new(1);
    private readonly LanguageModel model;
    private readonly SamplingPrompt[] prompts =
    [
        .. Enumerable.Range(0, 30).Select(i =>
        {
            RandomStream random = new(1, "prompts", (uint)i);
            return new SamplingPrompt(1000 + (7 * i), SmallModel.Tokens(random, 1 + random.NextInt(12)));
        }),
    ];

    public SamplerTests() => model = SmallModel.Create(device);

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(256)]
    public void Batching_changes_nothing(int promptsPerBatch)
    {
        string[] expected = Lines(Sample(Plain with { PromptsPerBatch = 30 }, prompts));
        Assert.Equal(90, expected.Distinct().Count());
        Assert.Equal(expected, Lines(Sample(Plain with { PromptsPerBatch = promptsPerBatch }, prompts)));
    }

    [Fact]
    public void The_order_of_the_prompts_changes_nothing()
    {
        IReadOnlyList<Rollout> rollouts = Sample(Plain, prompts);
        Assert.Equal(
            prompts.SelectMany(prompt => Enumerable.Range(0, 3).Select(sample => (prompt.Item, sample))),
            rollouts.Select(rollout => (rollout.Item, rollout.Sample)));
        Assert.Equal(
            Lines(rollouts).Order(StringComparer.Ordinal), Lines(Sample(Plain, [.. prompts.Reverse()])).Order(StringComparer.Ordinal));
        Assert.Equal(Lines(rollouts)[9..12], Lines(Sample(Plain, [prompts[3]])));
    }

    [Fact]
    public void More_samples_of_a_prompt_leave_the_earlier_ones_as_they_were() => Assert.Equal(
        Lines(Sample(Plain, prompts).Where(rollout => rollout.Sample == 0)), Lines(Sample(Plain with { SamplesPerPrompt = 1 }, prompts)));

    [Fact]
    public void Threads_change_nothing()
    {
        using CpuDevice two = new(2);
        using LanguageModel large = SmallModel.Create(device, hidden: 96, vocabulary: 400);
        using LanguageModel sameOnTwo = SmallModel.Create(two, hidden: 96, vocabulary: 400);
        Assert.Equal(Lines(Sample(Plain, prompts, large)), Lines(Sample(Plain, prompts, sameOnTwo)));
    }

    [Fact]
    public void Seed_and_purpose_choose_the_noise()
    {
        string[] first = Lines(Sample(Plain, prompts));
        Assert.NotEqual(first, Lines(Sample(Plain with { Seed = 6 }, prompts)));
        Assert.NotEqual(first, Lines(Sample(Plain with { Purpose = "other samples" }, prompts)));
    }

    [Fact]
    public void Log_probs_are_those_of_scoring_the_same_tokens()
    {
        IReadOnlyList<Rollout> rollouts = Sample(Plain, prompts);
        using ResponseScorer scorer = new(model);
        double[] scored =
        [
            .. scorer.LogProbs([.. prompts.Select((prompt, i) => new PromptTree(
                prompt.Tokens, [.. Enumerable.Range(3 * i, 3).Select(k => rollouts[k].Tokens)]))]).SelectMany(tree => tree),
        ];
        for (int i = 0; i < scored.Length; i++)
        {
            Assert.Equal(scored[i], rollouts[i].LogProb, 1e-4);
        }
    }

    [Fact]
    public void A_response_ends_with_its_first_eos_or_at_the_limit()
    {
        IReadOnlyList<Rollout> rollouts = Sample(Plain with { SamplesPerPrompt = 8 }, prompts);
        Assert.Equal(240, rollouts.Count);
        foreach (Rollout rollout in rollouts)
        {
            int eos = Array.IndexOf(rollout.Tokens, SmallModel.Eos);
            Assert.Equal(rollout.Finished, eos >= 0);
            Assert.Equal(rollout.Finished ? eos + 1 : MaxNewTokens, rollout.Tokens.Length);
        }

        Assert.Contains(rollouts, rollout => rollout.Finished && rollout.Tokens.Length == 1);
        Assert.Contains(rollouts, rollout => rollout.Finished && rollout.Tokens.Length == MaxNewTokens);
        Assert.Contains(rollouts, rollout => !rollout.Finished);
    }

    [Fact]
    public void A_prompt_that_leaves_no_room_is_refused_by_its_id()
    {
        int[] full = [.. Enumerable.Repeat(3, model.MaxPositions - MaxNewTokens)];
        Assert.Equal(3, Sample(Plain, [new SamplingPrompt(8, full)]).Count);
        string message = Assert.Throws<ArgumentException>(() => Sample(Plain, [prompts[0], new SamplingPrompt(77, [.. full, 3])])).Message;
        Assert.Contains("Prompt 77 has 31 tokens; with 10 new ones", message, StringComparison.Ordinal);
        Assert.Contains("40 positions", message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => Sample(Plain, [new SamplingPrompt(1, [])]));
        Assert.Empty(Sample(Plain, []));
    }

    [Fact]
    public void Sampling_stops_when_told() => Assert.Throws<OperationCanceledException>(() =>
    {
        using Sampler sampler = new(model, Plain);
        sampler.Sample(prompts, new CancellationToken(canceled: true));
    });

    public void Dispose()
    {
        model.Dispose();
        device.Dispose();
    }

    private IReadOnlyList<Rollout> Sample(SamplingOptions options, IReadOnlyList<SamplingPrompt> from, LanguageModel? other = null)
    {
        using Sampler sampler = new(other ?? model, options);
        return sampler.Sample(from);
    }

    /// <summary>Everything of a rollout, the log-prob to the last bit.</summary>
    private static string[] Lines(IEnumerable<Rollout> rollouts) =>
    [
        .. rollouts.Select(rollout => FormattableString.Invariant(
            $"{rollout.Item}/{rollout.Sample}: {string.Join(' ', rollout.Tokens)} {rollout.LogProb:R} {rollout.Finished}")),
    ];
}
