using Goodhart.Models.Scoring;
using Goodhart.Pipeline;
using Goodhart.Steps.Rows;
using Goodhart.Worlds;

namespace Goodhart.Steps.Training;

/// <summary>A reward of sampled responses, as a step reads it. A variant is a type.</summary>
public abstract record SampleReward
{
    public abstract IReadOnlyList<FileNeed> Needs { get; }

    public abstract ISampleReward Open(StepContext context, int rowBudget);
}

/// <summary>What gives rewards.</summary>
public interface ISampleReward : IDisposable
{
    /// <returns>Per tree, one reward per response.</returns>
    double[][] Rewards(IReadOnlyList<PromptTree> trees, CancellationToken cancel);
}

/// <summary>The true reward of a world's posts.</summary>
/// <param name="Rows">Whose prompts the responses answer.</param>
public sealed record WorldGold(WorldRows Rows) : SampleReward
{
    public override IReadOnlyList<FileNeed> Needs => [];

    public override ISampleReward Open(StepContext context, int rowBudget) => new Scorer(PostIndex.Of(Rows.Posts()), Rows.Seed);

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
