using Goodhart.Alignment.Training;
using Goodhart.Models;
using Goodhart.Pipeline;
using Goodhart.Steps.Rows;
using Goodhart.Steps.Scoring;
using Goodhart.Steps.Training;
using Goodhart.Text.Data;

namespace Goodhart.Steps.Measuring;

/// <summary>A checkpoint of a preference run on pairs it was not trained on.</summary>
public sealed record HeldOutScore : HeldOutStep<PreferenceSegment, TokenizePairs, ReferenceScores>
{
    private protected override string Kind => "pairs";

    private protected override Dictionary<string, double> Measure(LanguageModel model, StepContext context, CancellationToken cancel)
    {
        TokenizedPair[] pairs = Rows.Read(context);
        ReferencePair[] scores = PairScorer.Score(
            model, pairs, HeldOut.RowBudget, done => context.Report(new ProgressReport(done)), cancel);
        HeldOutMeasures measures = PairMeasures.Of(Policy.Loss, pairs, scores, context.Get(HeldOut));
        return new Dictionary<string, double>
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
        };
    }
}
