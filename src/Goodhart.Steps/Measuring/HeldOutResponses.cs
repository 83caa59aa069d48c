using Goodhart.Alignment.Losses;
using Goodhart.Alignment.Training;
using Goodhart.Evaluation.Statistics;
using Goodhart.Models;
using Goodhart.Pipeline;
using Goodhart.Steps.Folders;
using Goodhart.Steps.Rows;
using Goodhart.Steps.Scoring;
using Goodhart.Steps.Training;

namespace Goodhart.Steps.Measuring;

/// <summary>A checkpoint of a KTO run on responses it was not trained on, z being the mean over all of them.</summary>
public sealed record HeldOutResponses : HeldOutStep
{
    public required KtoSegment Policy { get; init; }

    public required TokenizeResponses Rows { get; init; }

    /// <summary>The reference's log-probs of <see cref="Rows"/>.</summary>
    public required ResponseScores HeldOut { get; init; }

    public override int End => Policy.End;

    public override string Label => $"held-out responses, {Policy.Label}";

    public override double EstimatedCost => HeldOut.EstimatedCost;

    public override IReadOnlyList<FileNeed> Needs => new StoredModel(Policy).Needs;

    protected override Task<MetricRow> RunAsync(StepContext context, CancellationToken cancel)
    {
        using LanguageModel model = new StoredModel(Policy).Load(context);
        KtoRow[] rows = ResponseScores.Read(Rows, context);
        KtoLogProbs[] policy = ResponseScores.Score(
            model, rows, HeldOut.RowBudget, done => context.Report(new ProgressReport(done)), cancel);
        KtoLogProbs[] reference = context.Get(HeldOut);
        LabelledLogProbs[] logProbs =
            [.. rows.Select((row, i) => new LabelledLogProbs(policy[i].Own, reference[i].Own, row.Labelled.IsDesirable))];
        double kl = KtoLoss.Kl([.. policy.Zip(reference, (ours, theirs) => ours.Mismatched - theirs.Mismatched)]);
        Dictionary<string, double> metrics = KtoMetrics.Of(KtoReport.From(Policy.Loss, kl, logProbs, default), "eval/");
        AddAccuracy(metrics, rows, logProbs);
        AddForwardKl(metrics, logProbs);
        MetricRow line = new(End, Epoch, metrics);
        context.Service<IMetricsSink>().Write(line);
        return Task.FromResult(line);
    }

    /// <summary>Where the file is of pairs.</summary>
    private static void AddAccuracy(Dictionary<string, double> metrics, KtoRow[] rows, LabelledLogProbs[] logProbs)
    {
        double[] wins =
        [
            .. ResponseLabels.Pairs([.. rows.Select(row => row.Labelled)]).Select(
                pair => (1 + Math.Sign(logProbs[pair.Desirable].LogRatio - logProbs[pair.Undesirable].LogRatio)) / 2.0),
        ];
        if (wins.Length > 0)
        {
            metrics["eval/rewards/accuracies"] = wins.Average();
        }
    }

    /// <summary>Eq. (7) on the desirable responses; a standard error needs two.</summary>
    private static void AddForwardKl(Dictionary<string, double> metrics, LabelledLogProbs[] logProbs)
    {
        double[] values = [.. logProbs.Where(row => row.IsDesirable).Select(row => -row.LogRatio)];
        if (values.Length >= 2)
        {
            MeanEstimate forwardKl = MeanEstimate.Of(values);
            (metrics["eval/forward_kl"], metrics["eval/forward_kl_se"]) = (forwardKl.Mean, forwardKl.StandardError!.Value);
        }
    }
}
