using Goodhart.Models.Scoring;
using Goodhart.Pipeline;
using Goodhart.Studies.Stages.Data;
using Goodhart.Worlds;

namespace Goodhart.Studies.Stages.Training;

/// <summary>A reward of sampled responses, as a step reads it. A variant is a type.</summary>
public abstract record SampleReward
{
    internal abstract IReadOnlyList<FileNeed> Needs { get; }

    internal abstract ISampleReward Open(StepContext context, int rowBudget);
}

/// <summary>What gives rewards.</summary>
internal interface ISampleReward : IDisposable
{
    /// <returns>Per tree, one reward per response.</returns>
    double[][] Rewards(IReadOnlyList<PromptTree> trees, CancellationToken cancel);
}

/// <summary>The true reward of a world's posts.</summary>
/// <param name="Rows">Whose prompts the responses answer.</param>
public sealed record WorldGold(WorldRows Rows) : SampleReward
{
    internal override IReadOnlyList<FileNeed> Needs => [];

    internal override ISampleReward Open(StepContext context, int rowBudget) => new Scorer(PostIndex.Of(Rows.Posts()), Rows.Seed);

    private sealed class Scorer(PostIndex posts, ulong seed) : ISampleReward
    {
        public double[][] Rewards(IReadOnlyList<PromptTree> trees, CancellationToken cancel) =>
        [
            .. trees.Select(tree =>
            {
                Post post = posts.Require(tree.Prompt, seed);
                return Array.ConvertAll(tree.Responses, response => GoldReward.Score(post, response).Reward);
            }),
        ];

        public void Dispose()
        {
            // Nothing is held.
        }
    }
}
