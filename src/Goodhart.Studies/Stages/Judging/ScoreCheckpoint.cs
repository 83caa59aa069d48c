using Goodhart.Engine;
using Goodhart.Evaluation.Judges;
using Goodhart.Pipeline;
using Goodhart.Studies.Judging;

namespace Goodhart.Studies.Stages.Judging;

/// <summary>A reward model decides: the response that it scores higher wins.</summary>
public sealed record ScoreCheckpoint : CheckpointJudging
{
    public required InputFolder RewardModel { get; init; }

    private protected override async Task<IReadOnlyList<PairJudgement>> JudgeAsync(
        StepContext context, IReadOnlyList<ResponsePair> pairs, IProgress<JudgeProgress> progress, CancellationToken cancel)
    {
        using ScorerJudge judge = new(new RewardModelScorer(context.Service<IDevice>(), RewardModel.Path));
        return await judge.JudgeAsync(pairs, progress, cancel).ConfigureAwait(false);
    }
}
