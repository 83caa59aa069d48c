using Goodhart.Evaluation.Statistics;

namespace Goodhart.Evaluation.Judges.Reports;

/// <summary>Whether a judge favours a position. Without bias the first response wins half of the verdicts: its place was drawn, or both
/// were asked.</summary>
/// <param name="FirstWins">Share of verdicts, ties left out, for the response that was shown first.</param>
/// <param name="Interval">Wilson's, 95 %.</param>
/// <param name="Verdicts">Ties left out.</param>
/// <param name="P">Exact and two-sided, against ½; with both orders the two verdicts of a pair are not independent and it is a rough
/// guide.</param>
/// <param name="Inconsistent">Share of pairs asked in both orders whose verdict follows the position; null for one order.</param>
public sealed record PositionBias(double FirstWins, ConfidenceInterval Interval, int Verdicts, double P, double? Inconsistent)
{
    /// <summary>Null where no verdict depends on a position: scorers, or ties alone.</summary>
    public static PositionBias? Of(IReadOnlyList<PairJudgement> judgements)
    {
        PairVerdict[] decided =
        [
            .. judgements.SelectMany(judgement => judgement.Orders).Where(order => order.Model is not null)
                .Select(order => order.Verdict).OfType<PairVerdict>().Where(verdict => verdict != PairVerdict.Tie),
        ];
        if (decided.Length == 0)
        {
            return null;
        }

        int first = decided.Count(verdict => verdict == PairVerdict.First);
        PairJudgement[] both = [.. judgements.Where(judgement => judgement.Orders.Count == 2 && judgement.Score is not null)];
        return new PositionBias(
            (double)first / decided.Length,
            Proportion.Wilson(first, decided.Length),
            decided.Length,
            Proportion.BinomialPAgainstHalf(first, decided.Length),
            both.Length == 0 ? null : both.Average(judgement => judgement.Orders[0].ScoreOfA != judgement.Orders[1].ScoreOfA ? 1.0 : 0));
    }
}
