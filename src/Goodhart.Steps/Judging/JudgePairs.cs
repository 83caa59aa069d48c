using Goodhart.Evaluation.Judges;
using Goodhart.Pipeline;

namespace Goodhart.Steps.Judging;

/// <summary>
/// Has a judge say which response of each pair is better. Verdicts are in verdicts.jsonl; the result is theirs without the texts.
/// </summary>
public sealed record JudgePairs : Step<OrderedVerdict[][]>
{
    public required PairSource Pairs { get; init; }

    /// <summary>All that the verdicts follow from: see <see cref="IJudge.Identity"/>.</summary>
    public required string Judge { get; init; }

    /// <summary>Null for a judge without positions.</summary>
    public PositionOrders? Orders { get; init; }

    /// <summary>Of the order in which responses are shown.</summary>
    public ulong? Seed { get; init; }

    /// <summary>0, or which further time what the endpoint had refused is put to it.</summary>
    public int Attempt { get; init; }

    /// <summary>This machine's kernels decide.</summary>
    public bool Computes { get; init; }

    protected override bool DependsOnNumerics => Computes;

    /// <summary>
    /// Judges what is not judged yet. A refusal is not for ever: what an earlier run was refused is asked again, and only that is.
    /// </summary>
    /// <returns>In the order of the pairs; the verdicts are in the run's folder too.</returns>
    public static async Task<IReadOnlyList<PairJudgement>> JudgeAsync(
        Runner runner, JudgeSession session, PairSource pairs, string? publishTo, CancellationToken cancel)
    {
        JudgePairs step = session.StepOf(pairs);
        while (runner.RecordOf(step) is not null
            && runner.Read(step).Any(orders => orders.Any(order => order.Missing == MissingReason.Refused)))
        {
            step = step with { Attempt = step.Attempt + 1 };
        }

        OrderedVerdict[][] verdicts = await runner.RunAsync(step, cancel).ConfigureAwait(false);
        if (publishTo is not null)
        {
            File.Copy(Path.Combine(runner.DirectoryOf(step), VerdictFile.Name), Path.Combine(publishTo, VerdictFile.Name), overwrite: true);
        }

        return [.. pairs.Pairs(runner.DirectoryOf).Zip(verdicts, (pair, orders) => new PairJudgement(pair, orders))];
    }

    protected override async Task<OrderedVerdict[][]> RunAsync(StepContext context, CancellationToken cancel)
    {
        IReadOnlyList<PairJudgement> judgements = await context.Service<JudgeSession>()
            .JudgeAsync(Pairs.Pairs(context.DirectoryOf), context.Service<IProgress<JudgeProgress>>(), cancel).ConfigureAwait(false);
        VerdictFile.Write(context.OutputDirectory, judgements);
        return [.. judgements.Select(judgement => judgement.Orders.ToArray())];
    }
}
