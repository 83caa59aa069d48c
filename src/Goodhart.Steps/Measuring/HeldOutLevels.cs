using Goodhart.Pipeline;
using Goodhart.Steps.Training;

namespace Goodhart.Steps.Measuring;

/// <summary>Makes 0 of each reward model's mean over the responses of held-out pairs: its own level says nothing.</summary>
public sealed record HeldOutLevels : Step<RewardLevel[]>
{
    public required IReadOnlyList<HeldOutReward> Evaluations { get; init; }

    public override string Label => "level of the reward";

    protected override bool DependsOnNumerics => false;

    protected override Task<RewardLevel[]> RunAsync(StepContext context, CancellationToken cancel) => Task.FromResult<RewardLevel[]>(
    [
        .. Evaluations.Select(evaluation =>
        {
            IReadOnlyDictionary<string, double> means = context.Get(evaluation).Values;
            return new RewardLevel((means["eval/rewards/chosen"] + means["eval/rewards/rejected"]) / 2, 1);
        }),
    ]);
}
