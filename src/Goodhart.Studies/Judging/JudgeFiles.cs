using Goodhart.Evaluation.Judges;
using Goodhart.Pipeline;

namespace Goodhart.Studies.Judging;

/// <summary>Has a judge say which responses of files are better. Verdicts are in verdicts.jsonl; the result is theirs without the texts.</summary>
public sealed record JudgeFiles : Step<OrderedVerdict[][]>
{
    public required ComparedFiles Files { get; init; }

    /// <summary>All that the verdicts follow from: see <see cref="IJudge.Identity"/>.</summary>
    public required string Judge { get; init; }

    /// <summary>Null for a judge without positions.</summary>
    public PositionOrders? Orders { get; init; }

    /// <summary>0, or which further time what the endpoint had refused is put to it.</summary>
    public int Attempt { get; init; }

    /// <summary>This machine's kernels decide.</summary>
    public bool Computes { get; init; }

    protected override bool DependsOnNumerics => Computes;

    public override string Name => "judge-files";

    protected override async Task<OrderedVerdict[][]> RunAsync(StepContext context, CancellationToken cancel)
    {
        IReadOnlyList<PairJudgement> judgements = await context.Service<JudgeSession>()
            .JudgeAsync(Files.Read().Pairs, context.Service<IProgress<JudgeProgress>>(), cancel).ConfigureAwait(false);
        VerdictFile.Write(context.OutputDirectory, judgements);
        return [.. judgements.Select(judgement => judgement.Orders.ToArray())];
    }
}
