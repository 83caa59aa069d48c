using Goodhart.Alignment.Losses;
using Goodhart.Alignment.Training;
using Goodhart.Evaluation.Statistics;
using Goodhart.Models;
using Goodhart.Pipeline;
using Goodhart.Steps.Rows;
using Goodhart.Steps.Scoring;
using Goodhart.Steps.Training;

namespace Goodhart.Steps.Measuring;

/// <summary>A checkpoint of a KTO run on responses it was not trained on, z being the mean over all of them.</summary>
public sealed record HeldOutResponses : HeldOutStep<KtoSegment, TokenizeResponses, ResponseScores>
{
    private protected override string Kind => "responses";

    private protected override Dictionary<string, double> Measure(LanguageModel model, StepContext context, CancellationToken cancel)
    {
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
        return metrics;
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
