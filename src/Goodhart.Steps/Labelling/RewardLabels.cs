using Goodhart.Pipeline;
using Goodhart.Steps.Training;

namespace Goodhart.Steps.Labelling;

/// <summary>A reward: the response with more of it is the better one.</summary>
public sealed record RewardLabels(SampleReward Reward) : PairLabels
{
    public override IReadOnlyList<FileNeed> Needs => Reward.Needs;

    public override Task<bool[]> FirstIsPreferredAsync(
        StepContext context, IReadOnlyList<SampledTwo> pairs, ulong seed, int rowBudget, CancellationToken cancel)
    {
        using ISampleReward reward = Reward.Open(context, rowBudget);
        double[][] scores = reward.Rewards([.. pairs.Select(pair => pair.Tree)], cancel);
        return Task.FromResult(Array.ConvertAll(scores, pair => pair[0] >= pair[1]));
    }
}
