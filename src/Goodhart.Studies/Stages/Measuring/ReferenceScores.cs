using Goodhart.Alignment.Training;
using Goodhart.Engine;
using Goodhart.Models.GptNeoX;
using Goodhart.Pipeline;
using Goodhart.Studies.Stages.Data;

namespace Goodhart.Studies.Stages.Measuring;

/// <summary>The reference's log-probs of a file's pairs: computed once, whatever is trained against it. Nats per response.</summary>
public sealed record ReferenceScores : Step<ReferencePair[]>
{
    public required InputFolder Reference { get; init; }

    public required TokenizePairs Rows { get; init; }

    /// <summary>Token rows that are computed at once.</summary>
    [NotInKey]
    public required int RowBudget { get; init; }

    /// <summary>Floating-point operations, about.</summary>
    [NotInKey]
    public required double Cost { get; init; }

    public override string Label => $"reference log-probs of {Path.GetFileName(Rows.Source.Data.Path)}";

    public override double EstimatedCost => Cost;

    protected override Task<ReferencePair[]> RunAsync(StepContext context, CancellationToken cancel)
    {
        using GptNeoXModel model = GptNeoXFolder.Load(context.Service<IDevice>(), Reference.Path, training: false);
        return Task.FromResult(
            PairScorer.Score(model, Rows.Read(context), RowBudget, done => context.Report(new ProgressReport(done)), cancel));
    }
}
