using Goodhart.Evaluation.Rewards;
using Goodhart.Models;
using Goodhart.Pipeline;
using Goodhart.Steps.Folders;

namespace Goodhart.Steps.Training;

/// <summary>One reward from one or several reward models, as a step reads it.</summary>
/// <param name="Levels">What each member's scores are made relative to.</param>
public sealed record RewardUse(IReadOnlyList<ModelSource> Members, Step<RewardLevel[]> Levels, RewardEnsemble Ensemble) : SampleReward
{
    public override IReadOnlyList<FileNeed> Needs => [.. Members.SelectMany(member => member.Needs)];

    public override ISampleReward Open(StepContext context, int rowBudget) => new CombinedReward(
        [.. Members.Select(member => member.Load(context, head: OutputHead.Score))],
        context.Get(Levels), Ensemble, rowBudget);
}
