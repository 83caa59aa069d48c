using Goodhart.Alignment.Losses;

namespace Goodhart.Alignment.Training;

/// <summary>What one update on responses with labels did: means over the batch, before the update. Null where the batch has none of the
/// kind.</summary>
/// <param name="Kl">z, in nats.</param>
/// <param name="Desirable">Rows with that label.</param>
/// <param name="RewardDesirable">Mean implicit reward β·log-ratio.</param>
public readonly record struct KtoReport(
    double Loss,
    double Kl,
    int Desirable,
    int Undesirable,
    double? RewardDesirable,
    double? RewardUndesirable,
    double? LogProbDesirable,
    double? LogProbUndesirable,
    UpdateReport Update)
{
    /// <summary>The mean reward of desirable responses less that of the others.</summary>
    public double? Margin => RewardDesirable - RewardUndesirable;

    public static KtoReport From(KtoLoss loss, double kl, ReadOnlySpan<LabelledLogProbs> rows, UpdateReport update)
    {
        double sum = 0;
        Span<double> logRatio = stackalloc double[2];
        Span<double> logProb = stackalloc double[2];
        Span<int> count = stackalloc int[2];
        foreach (LabelledLogProbs row in rows)
        {
            sum += loss.Term(row.LogRatio, row.IsDesirable, kl).Loss;
            int kind = row.IsDesirable ? 1 : 0;
            logRatio[kind] += row.LogRatio;
            logProb[kind] += row.Policy;
            count[kind]++;
        }

        return new KtoReport(
            sum / rows.Length, kl, count[1], count[0], loss.Beta * Mean(logRatio[1], count[1]), loss.Beta * Mean(logRatio[0], count[0]),
            Mean(logProb[1], count[1]), Mean(logProb[0], count[0]), update);
    }

    private static double? Mean(double sum, int count) => count == 0 ? null : sum / count;
}
