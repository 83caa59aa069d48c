using Goodhart.Alignment.Losses;

namespace Goodhart.Alignment.Training;

/// <summary>What one update on pairs did: means over the batch, before the update.</summary>
/// <param name="Accuracy">Share of pairs whose chosen response has the higher implicit reward, ties one half.</param>
/// <param name="StrictAccuracy">The same with ties counted as wrong.</param>
/// <param name="RewardChosen">Mean implicit reward: β·log-ratio, or what the loss has instead
/// (<see cref="PreferenceLoss.Scores"/>).</param>
public readonly record struct PreferenceReport(
    double Loss,
    double Accuracy,
    double StrictAccuracy,
    double Margin,
    double RewardChosen,
    double RewardRejected,
    double LogProbChosen,
    double LogProbRejected,
    UpdateReport Update)
{
    public RemedyReport Remedies { get; init; }

    public static PreferenceReport From(
        PreferenceLoss loss, ReadOnlySpan<PairLogProbs> pairs, ReadOnlySpan<PairGradient> terms, UpdateReport update)
    {
        double scale = loss.RewardScale;
        double accuracy = 0;
        double strict = 0;
        double rewardChosen = 0;
        double rewardRejected = 0;
        double chosen = 0;
        double rejected = 0;
        foreach (PairLogProbs pair in pairs)
        {
            PairScores scores = loss.Scores(pair);
            accuracy += scores.Margin > 0 ? 1 : scores.Margin == 0 ? 0.5 : 0;
            strict += scores.Margin > 0 ? 1 : 0;
            rewardChosen += scale * scores.Chosen;
            rewardRejected += scale * scores.Rejected;
            chosen += pair.PolicyChosen;
            rejected += pair.PolicyRejected;
        }

        int n = pairs.Length;
        return new PreferenceReport(
            loss.BatchLoss(terms), accuracy / n, strict / n, (rewardChosen - rewardRejected) / n, rewardChosen / n, rewardRejected / n,
            chosen / n, rejected / n, update);
    }
}
