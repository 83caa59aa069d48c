using Goodhart.Engine.Randomness;
using Goodhart.Pipeline;
using Goodhart.Steps.Rows;
using Goodhart.Worlds;

namespace Goodhart.Steps.Labelling;

/// <summary>The annotators who labelled a world's own pairs, with their temperature, their liking for length and their noise.</summary>
/// <param name="Rows">The pairs whose prompts are answered.</param>
public sealed record AnnotatorLabels(WorldRows Rows) : PairLabels
{
    public override Task<bool[]> FirstIsPreferredAsync(
        StepContext context, IReadOnlyList<SampledTwo> pairs, ulong seed, int rowBudget, CancellationToken cancel)
    {
        PreferenceSampler annotators = Rows.Labeller ?? new PreferenceSampler();
        PostIndex posts = PostIndex.Of(Rows.Posts());
        return Task.FromResult((bool[])
        [
            .. pairs.Select(pair =>
            {
                cancel.ThrowIfCancellationRequested();
                Post post = posts.Require(pair.Prompt, Rows.Seed);
                double probability = annotators.Probability(GoldReward.Score(post, pair.First), GoldReward.Score(post, pair.Second));
                return new RandomStream(seed, "labels of sampled pairs", (uint)pair.Item).NextDouble() < probability;
            }),
        ]);
    }
}
