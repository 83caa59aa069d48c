using Goodhart.Alignment.Losses;
using Goodhart.Alignment.Training;
using Goodhart.Evaluation.Points;
using Goodhart.Text.Data;

namespace Goodhart.Studies.Steps;

/// <summary>What the held-out pairs say of a policy: the training loss, implicit rewards, and the forward KL of Eq. (7).</summary>
internal sealed class PairMeasures(PreferenceReport report, bool hasLoss, double forwardKl, double forwardKlSe)
{
    public PreferenceReport Report => report;

    /// <summary>Whether the report has a loss and implicit rewards, or log-probs alone.</summary>
    public bool HasLoss => hasLoss;

    /// <summary>Eq. (7), nats per response.</summary>
    public double ForwardKl => forwardKl;

    /// <summary>Its standard error over pairs.</summary>
    public double ForwardKlSe => forwardKlSe;

    /// <param name="loss">Null for a policy that was not trained on pairs: it has log-probs and a forward KL, no loss and no implicit reward.</param>
    public static PairMeasures Of(PreferenceLoss? loss, TokenizedPair[] rows, ReferencePair[] policy, ReferencePair[] reference)
    {
        PairLogProbs[] pairs =
        [
            .. rows.Select((row, i) => new PairLogProbs(
                policy[i].Chosen, policy[i].Rejected, reference[i].Chosen, reference[i].Rejected, row.Chosen.Length, row.Rejected.Length)),
        ];
        PairGradient[] terms = new PairGradient[pairs.Length];
        loss?.Evaluate(pairs, terms);

        // Eq. (7): −E[log π/π_ref] on the data's chosen responses stands for D_KL(π_ref‖π).
        (double mean, double error) = ResponseMeasures.MeanAndError([.. pairs.Select(pair => -pair.ChosenLogRatio)]);
        return new PairMeasures(loss is null ? WithoutLoss(pairs) : PreferenceReport.From(loss, pairs, terms, default), loss is not null, mean, error);
    }

    private static PreferenceReport WithoutLoss(PairLogProbs[] pairs) => default(PreferenceReport) with
    {
        LogProbChosen = pairs.Average(pair => pair.PolicyChosen),
        LogProbRejected = pairs.Average(pair => pair.PolicyRejected),
    };

    public CheckpointPoint AddTo(CheckpointPoint point) => !hasLoss ? WithLogProbs(point) : WithLogProbs(point) with
    {
        LossValue = report.Loss,
        Accuracy = report.Accuracy,
        Margin = report.Margin,
        RewardChosen = report.RewardChosen,
        RewardRejected = report.RewardRejected,
    };

    private CheckpointPoint WithLogProbs(CheckpointPoint point) => point with
    {
        LogProbChosen = report.LogProbChosen,
        LogProbRejected = report.LogProbRejected,
        ForwardKl = forwardKl,
        ForwardKlSe = forwardKlSe,
    };
}
