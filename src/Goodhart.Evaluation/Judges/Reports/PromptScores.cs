namespace Goodhart.Evaluation.Judges.Reports;

/// <summary>A's mean score on each prompt that has a verdict: the independent values behind every interval.</summary>
public static class PromptScores
{
    /// <returns>By prompt, in the order of the judgements.</returns>
    public static IReadOnlyDictionary<string, double> Of(IEnumerable<PairJudgement> judgements)
    {
        OrderedDictionary<string, double> scores = new(StringComparer.Ordinal);
        foreach (IGrouping<string, PairJudgement> prompt in judgements.Where(judgement => judgement.Score is not null)
            .GroupBy(judgement => judgement.Pair.Prompt, StringComparer.Ordinal))
        {
            scores.Add(prompt.Key, prompt.Average(judgement => judgement.Score!.Value));
        }

        return scores;
    }
}
