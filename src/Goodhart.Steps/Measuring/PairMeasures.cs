using Goodhart.Alignment.Losses;
using Goodhart.Alignment.Training;
using Goodhart.Evaluation.Statistics;
using Goodhart.Steps.Scoring;
using Goodhart.Text.Data;

namespace Goodhart.Steps.Measuring;

/// <summary>What held-out pairs say of a policy: the training loss, implicit rewards, and the forward KL of Eq. (7).</summary>
internal static class PairMeasures
{
    /// <param name="loss">Null for a policy that was not trained on pairs: it has log-probs and a forward KL, no loss and no implicit
    /// reward.</param>
    public static HeldOutMeasures Of(PreferenceLoss? loss, TokenizedPair[] rows, ReferencePair[] policy, ReferencePair[] reference)
    {
        PairLogProbs[] pairs = [.. rows.Select((row, i) => PairScorer.LogProbs(row, policy[i], reference[i]))];

        // Eq. (7): −E[log π/π_ref] on the data's chosen responses stands for D_KL(π_ref‖π).
        MeanEstimate forwardKl = MeanEstimate.Of([.. pairs.Select(pair => -pair.ChosenLogRatio)]);
        PreferenceReport? report = loss is null ? null : Report(loss, pairs);
        return new HeldOutMeasures(
            forwardKl.Mean,
            forwardKl.StandardError ?? double.NaN,
            report?.Loss,
            report?.Accuracy,
            report?.Margin,
            pairs.Average(pair => pair.PolicyChosen),
            pairs.Average(pair => pair.PolicyRejected),
            report?.RewardChosen,
            report?.RewardRejected)
        {
            MarginSpread = Spread([.. pairs.Select(pair => pair.Margin)]),
        };
    }

    /// <summary>A standard error over pairs, made that of one pair.</summary>
    private static double? Spread(double[] margins) => MeanEstimate.Of(margins).StandardError * Math.Sqrt(margins.Length);

    private static PreferenceReport Report(PreferenceLoss loss, PairLogProbs[] pairs)
    {
        PairGradient[] terms = new PairGradient[pairs.Length];
        loss.Evaluate(pairs, terms);
        return PreferenceReport.From(loss, pairs, terms, default);
    }
}
