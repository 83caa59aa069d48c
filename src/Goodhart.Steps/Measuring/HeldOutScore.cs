using Goodhart.Alignment.Training;
using Goodhart.Models;
using Goodhart.Pipeline;
using Goodhart.Steps.Folders;
using Goodhart.Steps.Rows;
using Goodhart.Steps.Scoring;
using Goodhart.Steps.Training;
using Goodhart.Text.Data;

namespace Goodhart.Steps.Measuring;

/// <summary>A checkpoint of a preference run on pairs it was not trained on.</summary>
public sealed record HeldOutScore : HeldOutStep
{
    public required PreferenceSegment Policy { get; init; }

    public required TokenizePairs Rows { get; init; }

    /// <summary>The reference's log-probs of <see cref="Rows"/>.</summary>
    public required ReferenceScores HeldOut { get; init; }

    public override int End => Policy.End;

    public override string Label => $"held-out pairs, {Policy.Label}";

    public override double EstimatedCost => HeldOut.EstimatedCost;

    public override IReadOnlyList<FileNeed> Needs => new StoredModel(Policy).Needs;

    protected override Task<MetricRow> RunAsync(StepContext context, CancellationToken cancel)
    {
        using LanguageModel model = new StoredModel(Policy).Load(context);
        TokenizedPair[] pairs = Rows.Read(context);
        ReferencePair[] scores = PairScorer.Score(
            model, pairs, HeldOut.RowBudget, done => context.Report(new ProgressReport(done)), cancel);
        HeldOutMeasures measures = PairMeasures.Of(Policy.Loss, pairs, scores, context.Get(HeldOut));
        MetricRow row = new(End, Epoch, new Dictionary<string, double>
        {
            ["eval/loss"] = measures.LossValue!.Value,
            ["eval/rewards/accuracies"] = measures.Accuracy!.Value,
            ["eval/rewards/margins"] = measures.Margin!.Value,
            ["eval/rewards/chosen"] = measures.RewardChosen!.Value,
            ["eval/rewards/rejected"] = measures.RewardRejected!.Value,
            ["eval/logps/chosen"] = measures.LogProbChosen,
            ["eval/logps/rejected"] = measures.LogProbRejected,
            ["eval/forward_kl"] = measures.ForwardKl,
            ["eval/forward_kl_se"] = measures.ForwardKlSe,
        });
        context.Service<IMetricsSink>().Write(row);
        return Task.FromResult(row);
    }
}
