using Goodhart.Evaluation.Rewards;
using Goodhart.Models;
using Goodhart.Pipeline;
using Goodhart.Steps.Folders;

namespace Goodhart.Steps.Training;

/// <summary>The mean of reward models' scores as they are: for differences, to which a level does not matter.</summary>
public sealed record PlainRewards(IReadOnlyList<ModelSource> Members) : SampleReward
{
    public override IReadOnlyList<FileNeed> Needs => [.. Members.SelectMany(member => member.Needs)];

    public override ISampleReward Open(StepContext context, int rowBudget) => new CombinedReward(
        [.. Members.Select(member => member.Load(context, head: OutputHead.Score))],
        [.. Members.Select(_ => RewardLevel.Raw)], new MeanEnsemble(), rowBudget);
}
