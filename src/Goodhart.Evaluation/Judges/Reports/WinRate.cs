using Goodhart.Evaluation.Statistics;
using Goodhart.Text;

namespace Goodhart.Evaluation.Judges.Reports;

/// <summary>How often A's responses beat B's under a judge. Ties count one half; missing verdicts are left out and counted.</summary>
/// <param name="Prompts">With at least one verdict.</param>
/// <param name="Identical">Pairs of one text, counted among the ties.</param>
/// <param name="Unparsable">Pairs whose judge's reply could not be read.</param>
/// <param name="Refused">Pairs that the endpoint would not judge.</param>
/// <param name="Rate">Mean over prompts of the mean over a prompt's samples.</param>
/// <param name="StandardError">Over prompts; null for one.</param>
/// <param name="Interval">Wilson's, 95 %, over prompts: several samples of one prompt count once, which errs on the wide side.</param>
/// <param name="SignTestP">Exact and two-sided, over prompts, of "no better than B".</param>
/// <param name="LongerWins">Share of decided pairs with texts of different length that the longer text wins.</param>
/// <param name="FirstRefusal">What the endpoint said; null where it refused nothing.</param>
public sealed record WinRate(
    int Pairs,
    int Prompts,
    int Wins,
    int Ties,
    int Losses,
    int Identical,
    int Unparsable,
    int Refused,
    double Rate,
    double? StandardError,
    ConfidenceInterval Interval,
    double SignTestP,
    double? LongerWins,
    PositionBias? Position,
    string? FirstRefusal = null)
{
    /// <exception cref="JudgeException">No pair has a verdict.</exception>
    public static WinRate Of(IReadOnlyList<PairJudgement> judgements)
    {
        double[] scores = [.. PromptScores.Of(judgements).Values];
        if (scores.Length == 0)
        {
            throw new JudgeException(
                $"none of {Quantity.Of(judgements.Count, "pair")} has a verdict: "
                    + $"{Quantity.Of(Count(judgements, MissingReason.Unparsable), "reply", "replies")} could not be read and "
                + $"{Count(judgements, MissingReason.Refused)} refused. Look at the stored replies; another --template, "
                + $"or more --reply-tokens, may help."
                + (Refusal(judgements) is { } why ? $" The first refusal: {why}" : ""));
        }

        MeanEstimate mean = MeanEstimate.Of(scores);
        double[] even = new double[scores.Length];
        Array.Fill(even, 0.5);
        return new WinRate(
            judgements.Count,
            scores.Length,
            judgements.Count(judgement => judgement.Outcome == Outcome.Win),
            judgements.Count(judgement => judgement.Outcome == Outcome.Tie),
            judgements.Count(judgement => judgement.Outcome == Outcome.Loss),
            judgements.Count(judgement => judgement.Orders.Count == 0),
            Count(judgements, MissingReason.Unparsable),
            Count(judgements, MissingReason.Refused),
            mean.Mean,
            mean.StandardError,
            Proportion.Wilson(Math.Clamp(scores.Sum(), 0, scores.Length), scores.Length),
            SignTest.Between(scores, even).P,
            LongerShare(judgements),
            PositionBias.Of(judgements),
            Refusal(judgements));
    }

    private static string? Refusal(IReadOnlyList<PairJudgement> judgements) =>
        judgements.SelectMany(judgement => judgement.Orders).FirstOrDefault(order => order.Why is not null)?.Why;

    private static int Count(IReadOnlyList<PairJudgement> judgements, MissingReason reason) =>
        judgements.Count(judgement => judgement.Orders.FirstOrDefault(order => order.Missing is not null)?.Missing == reason);

    private static double? LongerShare(IReadOnlyList<PairJudgement> judgements)
    {
        PairJudgement[] decided =
            [
                .. judgements.Where(
                    judgement => judgement.Outcome is Outcome.Win or Outcome.Loss
                        && judgement.Pair.A.Text.Length != judgement.Pair.B.Text.Length),
            ];
        return decided.Length == 0
            ? null
            : decided.Average(
                judgement => judgement.Pair.A.Text.Length > judgement.Pair.B.Text.Length == (judgement.Outcome == Outcome.Win) ? 1.0 : 0);
    }
}
