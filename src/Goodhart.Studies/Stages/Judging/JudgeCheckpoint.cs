using Goodhart.Evaluation.Judges;
using Goodhart.Pipeline;
using Goodhart.Studies.Judging;

namespace Goodhart.Studies.Stages.Judging;

/// <summary>A chat model decides.</summary>
public sealed record JudgeCheckpoint : CheckpointJudging
{
    public required JudgeIdentity Judge { get; init; }

    [NotInKey]
    public required JudgeNeed Need { get; init; }

    protected override bool DependsOnNumerics => false;

    private protected override Task<IReadOnlyList<PairJudgement>> JudgeAsync(
        StepContext context, IReadOnlyList<ResponsePair> pairs, IProgress<JudgeProgress> progress, CancellationToken cancel) =>
        context.Service<StudyJudge>().JudgeAsync(pairs, progress, cancel);
}
