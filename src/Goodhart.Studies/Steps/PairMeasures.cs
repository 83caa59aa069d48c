using Goodhart.Alignment.Losses;
using Goodhart.Alignment.Training;
using Goodhart.Evaluation.Points;
using Goodhart.Text.Data;

namespace Goodhart.Studies.Steps;

/// <summary>What the held-out pairs say of a policy: the training loss, implicit rewards, and the forward KL of Eq. (7).</summary>
internal sealed class PairMeasures(PreferenceReport report, double forwardKl, double forwardKlSe)
{
    public PreferenceReport Report => report;

    /// <summary>Eq. (7), nats per response.</summary>
    public double ForwardKl => forwardKl;

    /// <summary>Its standard error over pairs.</summary>
    public double ForwardKlSe => forwardKlSe;

    public static PairMeasures Of(PreferenceLoss loss, TokenizedPair[] rows, ReferencePair[] policy, ReferencePair[] reference)
    {
        PairLogProbs[] pairs =
        [
            .. rows.Select((row, i) => new PairLogProbs(
                policy[i].Chosen, policy[i].Rejected, reference[i].Chosen, reference[i].Rejected, row.Chosen.Length, row.Rejected.Length)),
        ];
        PairGradient[] terms = new PairGradient[pairs.Length];
        loss.Evaluate(pairs, terms);

        // Eq. (7): −E[log π/π_ref] on the data's chosen responses stands for D_KL(π_ref‖π).
        (double mean, double error) = ResponseMeasures.MeanAndError([.. pairs.Select(pair => -pair.ChosenLogRatio)]);
        return new PairMeasures(PreferenceReport.From(loss, pairs, terms, default), mean, error);
    }

    public CheckpointPoint AddTo(CheckpointPoint point) => point with
    {
        LossValue = report.Loss,
        Accuracy = report.Accuracy,
        Margin = report.Margin,
        LogProbChosen = report.LogProbChosen,
        LogProbRejected = report.LogProbRejected,
        RewardChosen = report.RewardChosen,
        RewardRejected = report.RewardRejected,
        ForwardKl = forwardKl,
        ForwardKlSe = forwardKlSe,
    };
}
